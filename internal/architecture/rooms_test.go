package architecture

// module is the path of the module.
const module = "epkr"

// room is a folder with all folders below it, except those that are rooms themselves.
type room struct {
	folder string
	// imports lists the rooms that it may import besides itself. "x/..." means the rooms below x
	// that are listed before this one.
	imports []string
}

// rooms is the table of all allowed imports, from the bottom to the top: a room may import only
// rooms listed before it. Rooms of the table need not exist. Imports by tests do not count.
var rooms = []room{
	{"internal/acceptance", nil},
	{"internal/architecture", nil},
	{"internal/commandline", nil},
	{"internal/gost", nil},
	{"internal/health", nil},
	{"internal/history", nil},
	{"internal/humantext", nil},
	{"internal/pdfa", nil},
	{"internal/picture", nil},
	{"internal/mail", nil},
	{"internal/ratelimit", nil},
	{"internal/requisites", nil},
	{"internal/schedule", nil},
	{"internal/searchtext", nil},
	{"internal/strictjson", nil},
	{"internal/cms", []string{"internal/gost"}},
	{"internal/trust", []string{"internal/gost"}},
	{"internal/mchd", []string{"internal/humantext"}},
	{"internal/storage", []string{"internal/humantext"}},
	{"internal/territory", []string{"internal/searchtext"}},
	{"internal/paymentqr", []string{"internal/requisites"}},
	{"internal/banks", []string{"internal/humantext", "internal/requisites"}},
	{"internal/order", []string{"internal/humantext", "internal/strictjson"}},
	{"internal/registry", []string{"internal/humantext", "internal/requisites", "internal/strictjson"}},
	{"internal/signature", []string{"internal/cms", "internal/gost", "internal/humantext", "internal/mchd", "internal/order", "internal/trust"}},
	{"internal/document", nil},
	{"internal/document/template", []string{"internal/document"}},
	{"internal/document/forms", []string{
		"internal/document", "internal/document/template", "internal/humantext", "internal/mchd", "internal/order", "internal/requisites",
		"internal/signature",
	}},
	{"internal/document/docx", []string{"internal/document"}},
	{"internal/document/pdf/truetype", nil},
	{"internal/document/pdf/typeset", nil},
	{"internal/document/pdf", []string{"internal/document", "internal/document/pdf/truetype", "internal/document/pdf/typeset"}},
	{"internal/document/generated", []string{
		"internal/document", "internal/document/docx", "internal/document/forms", "internal/document/pdf", "internal/order", "internal/paymentqr",
	}},
	{"internal/esia", []string{"internal/gost", "internal/humantext", "internal/strictjson"}},
	{"internal/goskey", []string{"internal/humantext", "internal/strictjson"}},
	{"internal/config", []string{
		"internal/esia", "internal/goskey", "internal/mail", "internal/order", "internal/ratelimit", "internal/registry", "internal/schedule", "internal/storage", "internal/trust",
	}},
	// How to call the workflows: shared by API, activities, workflows and tools.
	{"internal/workflowapi", []string{"internal/order", "internal/registry", "internal/schedule"}},

	{"db/sqlcgen", nil},
	{"db", []string{"db/sqlcgen", "internal/banks", "internal/order"}},
	{"db/signing", []string{
		"db", "db/sqlcgen", "internal/cms", "internal/mchd", "internal/order", "internal/signature", "internal/storage", "internal/trust",
	}},
	{"db/grown", []string{"db", "internal/order", "internal/searchtext"}},
	{"web", nil},

	{"apiserver/httpapi", []string{"internal/...", "db", "db/sqlcgen"}},
	{"apiserver/auth", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/people", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/parties", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/profiles", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/staff", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/profiles"}},
	{"apiserver/notifications", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/mail", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/events", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/moderation", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/profiles"}},
	{"apiserver/webapp", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "web"}},
	{"apiserver/orders", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi"}},
	{"apiserver/orders/search", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/orders"}},
	{"apiserver/orders/messages", []string{
		"internal/...", "db", "db/sqlcgen", "db/signing", "apiserver/httpapi", "apiserver/events", "apiserver/orders",
	}},
	{"apiserver/chats", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/orders"}},
	{"apiserver/engineers", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/orders", "apiserver/profiles"}},
	{"apiserver/files", []string{
		"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/chats", "apiserver/events", "apiserver/orders", "apiserver/profiles",
	}},
	{"apiserver/checks", []string{"internal/...", "apiserver/httpapi"}},
	{"apiserver/documents", []string{
		"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/events", "apiserver/orders", "apiserver/orders/messages",
	}},
	{"apiserver/archive", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/orders", "apiserver/documents"}},
	{"apiserver/goskey", []string{"internal/...", "db", "db/sqlcgen", "apiserver/httpapi", "apiserver/orders"}},
	{"apiserver/routes", []string{"internal/...", "db", "db/sqlcgen", "db/signing", "apiserver/..."}},
	{"apiserver", []string{"internal/...", "db", "db/sqlcgen", "apiserver/..."}},

	{"activities/internal", nil},
	{"activities/failure", []string{"internal/...", "db"}},
	{"activities/orders", []string{"internal/...", "db", "db/sqlcgen", "activities/internal", "activities/failure"}},
	{"activities/files", []string{"internal/...", "db", "db/sqlcgen", "activities/internal", "activities/failure"}},
	{"activities/documents", []string{"internal/...", "db", "db/sqlcgen", "activities/internal", "activities/failure", "activities/files"}},
	{"activities/goskey", []string{"internal/...", "db", "db/sqlcgen", "db/signing", "activities/internal", "activities/failure"}},
	{"activities/engineers", []string{"internal/...", "db", "db/sqlcgen", "activities/internal", "activities/failure"}},
	{"activities/registry", []string{
		"internal/...", "db", "db/sqlcgen", "activities/internal", "activities/failure", "activities/engineers",
	}},
	{"activities", []string{"activities/..."}},

	{"workflows/internal", nil},
	{"workflows/orders", []string{"internal/...", "activities/orders", "activities/failure", "workflows/internal"}},
	{"workflows/files", []string{"internal/...", "activities/files", "workflows/internal"}},
	{"workflows/documents", []string{"internal/...", "activities/documents", "workflows/internal"}},
	{"workflows/goskey", []string{"internal/...", "activities/goskey", "workflows/internal"}},
	{"workflows/engineers", []string{"internal/...", "activities/engineers", "workflows/internal"}},
	{"workflows/registry", []string{"internal/...", "activities/registry", "workflows/internal", "workflows/engineers"}},
	{"workflows", []string{"workflows/..."}},

	{"worker", []string{"internal/...", "db", "db/sqlcgen", "db/signing", "activities", "activities/...", "workflows"}},

	{"internal/testenv", []string{"db"}},
	{"internal/testenv/bomb", nil},
	{"internal/testenv/cost", nil},
	{"internal/testenv/openssl", nil},
	{"internal/testenv/pki", []string{"internal/requisites", "internal/testenv/openssl", "internal/trust"}},
	{"internal/testenv/preflight", nil},
	{"dev", []string{
		"internal/...", "db", "db/sqlcgen", "db/grown", "db/signing", "activities", "activities/...", "workflows", "workflows/...", "worker",
	}},
	// Only tests of the API import it.
	{"apiserver/apitest", []string{
		"internal/...", "internal/testenv", "db", "db/sqlcgen", "db/signing", "apiserver/...", "activities", "activities/...", "workflows", "dev",
	}},
}
