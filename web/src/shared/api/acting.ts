/** The header by which a request says for whom it is meant, and the parameter of the event stream that says the same. */
export const actingHeader = 'Epkr-Acting-For';
export const actingParameter = 'for';

let shown: string | undefined;

/**
 * For whom this tab shows its pages: person.role.party. Another tab may choose another role at any moment; the API refuses what is meant
 * for somebody else than the session's account.
 */
export const acting = {
  show(identity: string | undefined): void {
    shown = identity;
  },
  get shown(): string | undefined {
    return shown;
  },
  /** Says it in a request to the platform; requests to other servers stay as they are. */
  mark(request: Request): Request {
    if (!shown) return request;
    const { origin, pathname } = new URL(request.url);
    if (origin === window.location.origin && pathname.startsWith('/api/')) request.headers.set(actingHeader, shown);
    return request;
  },
  /** The address of a stream, which cannot have headers. */
  address(path: string): string {
    return shown ? `${path}?${new URLSearchParams({ [actingParameter]: shown }).toString()}` : path;
  },
};

/** The code of a refusal because another role or person is in the session now. */
export const actingChanged = 'acting_changed';

/** The code of a refusal because ЕСИА has to be asked anew whether the person works for the organisation. */
export const membershipStale = 'membership_stale';
