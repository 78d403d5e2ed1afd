import type { ActionResult, Impact, Page, PageQuery, SessionView } from './basics.js';
import type { AuditEntryView, AuditQuery, AuditVerification } from './audit.js';
import type * as certificates from './certificates.js';
import type { CancelMatchBody, MatchDetail, MatchQuery, MatchRow, VoidMatchBody } from './matches.js';
import type { Overview, OverviewHistory } from './overview.js';
import type * as players from './players.js';
import type {
  QueueDetail,
  QueueEntryQuery,
  QueueEntryView,
  QueueSummary,
  RemoveEntryBody,
} from './queues.js';
import type * as servers from './servers.js';
import type { AddressesBody, MaintenanceBody, SettingsView } from './settings.js';

/**
 * The whole API: method and path, with what goes in and what comes out. Each request carries `Authorization: Bearer <token>`;
 * those with a body are `application/json`. `preview: true` marks actions that answer an {@link Impact} to `?preview=true`.
 */
export interface Endpoints {
  'GET /api/session': { response: SessionView };
  'GET /api/overview': { response: Overview };
  'GET /api/overview/history': { response: OverviewHistory };

  'GET /api/servers': { query: servers.ServerQuery; response: Page<servers.ServerRow> };
  'GET /api/servers/:id': { response: servers.ServerDetail };
  'GET /api/servers/:id/commands': { query: PageQuery; response: Page<servers.ServerCommandView> };
  'GET /api/servers/:id/logs': { query: servers.LogQuery; response: Page<servers.LogLineView> };
  'GET /api/logs': { query: servers.LogQuery; response: Page<servers.LogLineView> };
  'POST /api/servers/:id/kick': { body: servers.KickBody; response: ActionResult; preview: true };
  'POST /api/servers/:id/allow': { body: servers.AllowBody; response: ActionResult };
  'POST /api/servers/:id/force-start': {
    body: servers.ForceStartBody;
    response: ActionResult;
    preview: true;
  };
  'POST /api/servers/:id/shutdown': { body: servers.ShutdownBody; response: ActionResult; preview: true };
  'POST /api/servers/:id/drain': { body: servers.DrainBody; response: ActionResult; preview: true };

  'GET /api/queues': { response: QueueSummary[] };
  'GET /api/queues/:name': { response: QueueDetail };
  'GET /api/queues/:name/entries': { query: QueueEntryQuery; response: Page<QueueEntryView> };
  'POST /api/queues/:name/entries/:accountId/remove': {
    body: RemoveEntryBody;
    response: ActionResult;
    preview: true;
  };

  'GET /api/players': { query: players.PlayerQuery; response: Page<players.PlayerRow> };
  'GET /api/players/:id': { response: players.PlayerDetail };
  'GET /api/players/:id/ratings': { query: { queue: string }; response: players.RatingHistory };
  'GET /api/players/:id/matches': { query: PageQuery; response: Page<players.PlayerMatch> };
  'POST /api/players/:id/ban': { body: players.BanBody; response: ActionResult; preview: true };
  'POST /api/players/:id/unban': { body: players.ReasonBody; response: ActionResult };
  'POST /api/players/:id/rename': { body: players.RenameBody; response: ActionResult };
  'POST /api/players/:id/end-sessions': { body: players.ReasonBody; response: ActionResult; preview: true };

  'GET /api/matches': { query: MatchQuery; response: Page<MatchRow> };
  'GET /api/matches/:id': { response: MatchDetail };
  'POST /api/matches/:id/cancel': { body: CancelMatchBody; response: ActionResult; preview: true };
  'POST /api/matches/:id/void': { body: VoidMatchBody; response: ActionResult; preview: true };

  'GET /api/certificates': {
    query: certificates.CertificateQuery;
    response: Page<certificates.CertificateView>;
  };
  'POST /api/certificates': {
    body: certificates.IssueCertificateBody;
    response: certificates.IssuedCertificate;
  };
  'GET /api/certificates/downloads/:id': { response: Uint8Array };
  'POST /api/certificates/:uuid/revoke': {
    body: certificates.RevokeCertificateBody;
    response: ActionResult;
    preview: true;
  };
  'GET /api/master-key': { response: certificates.MasterKeyView };
  'POST /api/master-key/rotate': {
    body: certificates.RotateMasterKeyBody;
    response: certificates.RotatedMasterKey;
    preview: true;
  };
  'GET /api/operator-certificates': {
    query: PageQuery;
    response: Page<certificates.OperatorCertificateView>;
  };
  'POST /api/operator-certificates/:serial/revoke': {
    body: certificates.RevokeOperatorCertificateBody;
    response: ActionResult;
  };

  'GET /api/audit': { query: AuditQuery; response: Page<AuditEntryView> };
  'GET /api/audit/verify': { response: AuditVerification };

  'GET /api/settings': { response: SettingsView };
  'PUT /api/settings/maintenance': { body: MaintenanceBody; response: ActionResult; preview: true };
  'PUT /api/settings/addresses': { body: AddressesBody; response: ActionResult };
}

/** What an action answers to `?preview=true`. */
export type Preview = Impact;
