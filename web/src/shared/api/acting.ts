/**
 * The request header that names the account a request is meant for, and the parameter of the event
 * stream that does the same.
 */
export const actingHeader = 'Epkr-Acting-For';
export const actingParameter = 'for';

let identity: string | undefined;

/**
 * The account that this tab shows: person.role.party. Another tab may choose another role at any
 * moment; the API refuses a request that names another account than the session's.
 */
export const acting = {
  setIdentity(next: string | undefined): void {
    identity = next;
  },
  get identity(): string | undefined {
    return identity;
  },
  /** Adds the header to a request to the platform; requests to other servers stay as they are. */
  addHeader(request: Request): Request {
    if (!identity) return request;
    const { origin, pathname } = new URL(request.url);
    if (origin === window.location.origin && pathname.startsWith('/api/')) request.headers.set(actingHeader, identity);
    return request;
  },
  /**
   * Returns the address of the event stream with the account as a parameter: an EventSource cannot
   * send headers.
   */
  streamAddress(path: string): string {
    return identity ? `${path}?${new URLSearchParams({ [actingParameter]: identity }).toString()}` : path;
  },
};

/** The problem code when the session now belongs to another role or person. */
export const actingChanged = 'acting_changed';

/** The problem code when ЕСИА must confirm again that the person works for the organisation. */
export const membershipStale = 'membership_stale';
