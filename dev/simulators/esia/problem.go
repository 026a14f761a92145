package esia

// problem is a refusal in ЕСИА's form: the OAuth error code, ЕСИА's number, and a text.
type problem struct{ code, number, text string }

func (p problem) description() string { return "ESIA-" + p.number + ": " + p.text }

// The refusals that ЕСИА documents and the simulator gives.
var (
	unknownClient    = problem{"unauthorized_client", "007002", "The certificate and the mnemonic of the system do not match"}
	badParameter     = problem{"invalid_request", "007003", "The request holds a wrong value of a parameter or a parameter twice"}
	refusedByUser    = problem{"access_denied", "007004", "The resource owner or the authorization server denied the request"}
	badScope         = problem{"invalid_scope", "007006", "The requested scope is invalid, unknown or malformed"}
	badCode          = problem{"invalid_grant", "007011", "The authorization code is invalid, expired, revoked or issued to another system"}
	badGrant         = problem{"unsupported_grant_type", "007012", "The type of the authorization grant is not supported"}
	missingParameter = problem{"invalid_request", "007014", "The request does not contain the mandatory parameter"}
	wrongTime        = problem{"invalid_request", "007015", "The time of the request is wrong"}
	noPermission     = problem{"access_denied", "007019", "There is no permission for access"}
	unknownRedirect  = problem{"invalid_request", "007023", "The redirect_uri is not among the allowed ones of the system"}
	badSecret        = problem{"invalid_client", "007053", "client_secret does not match the string, the certificate or the system"}
	unconfirmed      = problem{"access_denied", "007055", "The account is not confirmed"}
	notEmployee      = problem{"access_denied", "007194", "The user is not an employee of the organisation"}
	malfunction      = problem{"server_error", "007007", "The authorization server met an unexpected condition"}
)
