;; Dot products: `scan` says what those of one query with many quantised rows are at least, `dot` what one is. JavaScript has no
;; vector instructions. Assembled into dot-scan.ts; dot-scan.test.ts says how, and fails when the two differ.
(module
  (memory (export "memory") 0 65536)

  ;; query   length numbers, int16, below 2^14; length is a multiple of 16 and at most 4096
  ;; rows    count rows: scale and error (float32), 8 bytes unused, length numbers (int8)
  ;; least   count numbers, float32: dot x scale x perScale - error x perError - always
  (func (export "scan")
    (param $query i32) (param $rows i32) (param $length i32) (param $count i32) (param $least i32)
    (param $perScale f32) (param $perError f32) (param $always f32)
    (local $row i32) (local $at i32) (local $left i32) (local $bytes v128) (local $low v128) (local $high v128)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $row (local.get $rows))
        (local.set $low (v128.const i32x4 0 0 0 0))
        (local.set $high (v128.const i32x4 0 0 0 0))
        (local.set $at (local.get $query))
        (local.set $left (local.get $length))
        ;; A lane adds length / 4 products of 127 x 2^14: that does not overflow.
        (loop $sixteen
          (local.set $bytes (v128.load offset=16 (local.get $rows)))
          (local.set $low
            (i32x4.add (local.get $low)
              (i32x4.dot_i16x8_s
                (i16x8.extend_low_i8x16_s (local.get $bytes))
                (v128.load (local.get $at)))))
          (local.set $high
            (i32x4.add (local.get $high)
              (i32x4.dot_i16x8_s
                (i16x8.extend_high_i8x16_s (local.get $bytes))
                (v128.load offset=16 (local.get $at)))))
          (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $left (i32.sub (local.get $left) (i32.const 16)))
          (br_if $sixteen (local.get $left)))
        ;; The sum of the four lanes could, so they are added as floats.
        (local.set $low (f32x4.convert_i32x4_s (i32x4.add (local.get $low) (local.get $high))))
        (f32.store (local.get $least)
          (f32.sub
            (f32.sub
              (f32.mul
                (f32.mul
                  (f32.add
                    (f32.add (f32x4.extract_lane 0 (local.get $low)) (f32x4.extract_lane 1 (local.get $low)))
                    (f32.add (f32x4.extract_lane 2 (local.get $low)) (f32x4.extract_lane 3 (local.get $low))))
                  (f32.load (local.get $row)))
                (local.get $perScale))
              (f32.mul (f32.load offset=4 (local.get $row)) (local.get $perError)))
            (local.get $always)))
        (local.set $least (i32.add (local.get $least) (i32.const 4)))
        (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $each))))

  ;; The dot product of length numbers, a multiple of 8, in float64. The products of float32 numbers are exact in it.
  ;; query   length numbers, float64
  ;; row     length numbers, float32
  (func (export "dot") (param $query i32) (param $row i32) (param $length i32) (result f64)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $eight
      (local.set $a
        (f64x2.add (local.get $a)
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $row)))
            (v128.load (local.get $query)))))
      (local.set $b
        (f64x2.add (local.get $b)
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=8 (local.get $row)))
            (v128.load offset=16 (local.get $query)))))
      (local.set $c
        (f64x2.add (local.get $c)
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=16 (local.get $row)))
            (v128.load offset=32 (local.get $query)))))
      (local.set $d
        (f64x2.add (local.get $d)
          (f64x2.mul
            (f64x2.promote_low_f32x4 (v128.load64_zero offset=24 (local.get $row)))
            (v128.load offset=48 (local.get $query)))))
      (local.set $row (i32.add (local.get $row) (i32.const 32)))
      (local.set $query (i32.add (local.get $query) (i32.const 64)))
      (local.set $length (i32.sub (local.get $length) (i32.const 8)))
      (br_if $eight (local.get $length)))
    (local.set $a (f64x2.add (f64x2.add (local.get $a) (local.get $b)) (f64x2.add (local.get $c) (local.get $d))))
    (f64.add (f64x2.extract_lane 0 (local.get $a)) (f64x2.extract_lane 1 (local.get $a)))))
