import type { z } from 'zod';
import type {
  Comparison,
  ComparisonChange,
  ComparisonOrder,
  ComparisonPicture,
  ComparisonRequest,
  ComparisonRow,
  ComparisonState,
  comparisonProcedures,
} from '../../contract/compare.ts';

type Contract = typeof comparisonProcedures;
/** What a call of the contract takes, parsed. */
type Asked<Name extends keyof Contract> = z.output<NonNullable<Contract[Name]['~orpc']['inputSchema']>>;

const notBuilt = (): never => {
  throw new Error('Comparisons are not built yet.');
};

/** The comparisons of a data folder; see `contract/compare.ts`. */
export class Comparisons {
  readonly list = async (): Promise<Comparison[]> => notBuilt();
  readonly create = async (_: ComparisonRequest): Promise<Comparison> => notBuilt();
  readonly state = async (_: string): Promise<ComparisonState> => notBuilt();
  async *watch(_id: string, _signal: AbortSignal): AsyncGenerator<ComparisonState, void> {
    notBuilt();
  }
  readonly rename = async (_: Asked<'renameComparison'>): Promise<Comparison> => notBuilt();
  readonly duplicate = async (_: Asked<'duplicateComparison'>): Promise<Comparison> => notBuilt();
  readonly remove = async (_: string): Promise<void> => notBuilt();
  readonly restore = async (_: string): Promise<Comparison> => notBuilt();
  readonly run = async (_: Asked<'runComparison'>): Promise<ComparisonState> => notBuilt();
  readonly stop = async (_: string): Promise<ComparisonState> => notBuilt();
  readonly order = async (_: Asked<'comparisonOrder'>): Promise<ComparisonOrder> => notBuilt();
  readonly rows = async (_: Asked<'comparisonRows'>): Promise<{ rows: ComparisonRow[] }> => notBuilt();
  readonly pictures = async (_: Asked<'comparisonPictures'>): Promise<{ pictures: ComparisonPicture[] }> =>
    notBuilt();
  readonly decide = async (_: Asked<'decide'>): Promise<ComparisonChange> => notBuilt();
  readonly undo = async (_: string): Promise<ComparisonChange> => notBuilt();
  readonly redo = async (_: string): Promise<ComparisonChange> => notBuilt();
  readonly crop = async (_: Asked<'cropComparisonRow'>): Promise<ComparisonChange> => notBuilt();
  readonly export = async (
    _: Asked<'exportComparison'>,
  ): Promise<{ path: string; bytes: number; rows: number }> => notBuilt();
}
