import { startSnapshots } from '../catalog/snapshots.ts';
import { startSources } from '../catalog/sources.ts';
import { dismissNews, startSync } from '../catalog/sync.ts';
import { startCompare } from '../compare/start.ts';
import { startConnections } from '../connections/connections.ts';
import { startClient } from '../engine/client.ts';
import { startConnection } from '../engine/connection.ts';
import { startThumbnails } from '../engine/thumbnails.ts';
import { startKeptSearches } from '../match/kept-searches.ts';
import { startMatch, useMatch } from '../match/match.ts';
import { startRecents } from '../match/recents.ts';
import { startWatching } from '../match/watched.ts';
import { startModels } from '../models/models.ts';
import { startProviders } from '../models/providers.ts';
import { startTheme } from '../page/preferences.ts';
import { startOpenedFiles } from './opened-files.ts';
import { startSession } from './session.ts';

/**
 * Starts everything that runs beside the screens. Call it once, in the task in which the page is loaded: the shell sends its
 * messages after that. The order of these calls does not matter.
 */
export function startPage(): void {
  startTheme();
  startClient();
  startConnection();
  startThumbnails();
  startMatch();
  void startRecents();
  startKeptSearches();
  startSnapshots();
  startSources();
  startSync();
  startWatching();
  startModels();
  startProviders();
  startConnections();
  startCompare();
  startSession();
  startOpenedFiles();
  // The report of an import is shown on Match until there is a photo.
  useMatch.subscribe(({ query }) => {
    if (query) dismissNews();
  });
}
