import { GssCredential, type CredentialPlace } from './gss-credential.ts';

/**
 * The database user that a ticket is for: its principal without the realm, as `include_realm=0` in pg_hba.conf maps it.
 * @throws KERBEROS_NO_TICKET, KERBEROS_EXPIRED, KERBEROS_LIBRARY, KERBEROS_FAILED
 */
export async function ticketUser(place: CredentialPlace): Promise<string> {
  using credential = await GssCredential.acquire(place);
  const principal = await credential.principal();
  const at = principal.lastIndexOf('@');
  return at > 0 ? principal.slice(0, at) : principal;
}
