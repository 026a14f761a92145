package routes

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/archive"
	"epkr/apiserver/auth"
	"epkr/apiserver/chats"
	"epkr/apiserver/checks"
	"epkr/apiserver/documents"
	"epkr/apiserver/engineers"
	"epkr/apiserver/events"
	"epkr/apiserver/files"
	"epkr/apiserver/goskey"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/mail"
	"epkr/apiserver/moderation"
	"epkr/apiserver/notifications"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/messages"
	"epkr/apiserver/orders/search"
	"epkr/apiserver/parties"
	"epkr/apiserver/people"
	"epkr/apiserver/profiles"
	"epkr/apiserver/staff"
	"epkr/apiserver/webapp"
	"epkr/db"
	"epkr/db/signing"
	"epkr/internal/config"
	"epkr/internal/document/generated"
	"epkr/internal/esia"
	"epkr/internal/health"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/storage"
	"epkr/internal/trust"
)

// Dependencies are the dependencies of the API; all are required.
type Dependencies struct {
	Store     *db.Store
	ListenURL string // address of the database for LISTEN; Run connects to it
	Temporal  client.Client
	Files     *storage.Store
	ESIA      *esia.Client
	Config    config.API
	Consent   auth.Consent
	Log       *slog.Logger
	Now       func() time.Time
}

// New is the table of contents of the API: it builds each service and registers its operations. It
// does not listen and starts nothing.
func New(d Dependencies) (*httpapi.Server, error) {
	c, limits := d.Config, d.Config.Limits
	server, err := httpapi.New(httpapi.Options{
		Store: d.Store, Log: d.Log, Now: d.Now, PublicURL: c.PublicURL, Limits: limits, SessionIdle: c.SessionIdle,
		MembershipMaxAge: c.MembershipMaxAge, AuthorityMaxAge: c.AuthorityMaxAge, Moderators: c.Moderators, ConsentVersion: d.Consent.Version,
	})
	if err != nil {
		return nil, err
	}
	ui := wire.TemporalUI{URL: c.TemporalUIURL, Namespace: c.Temporal.Options().Namespace}
	cards := orders.New(orders.Dependencies{HTTP: server, Store: d.Store, Now: d.Now, UI: ui})
	talks := chats.New(chats.Dependencies{HTTP: server, Store: d.Store, Now: d.Now, Orders: cards})
	follow := events.New(events.Dependencies{
		HTTP: server, Store: d.Store, Log: d.Log, ListenURL: d.ListenURL, ChatReaders: talks.Readers, MaxStreams: limits.Streams,
	})

	signIn := auth.New(auth.Dependencies{
		HTTP: server, Store: d.Store, ESIA: d.ESIA, Log: d.Log, Now: d.Now, PublicURL: c.PublicURL, Redirect: c.ESIARedirect,
		SessionIdle: c.SessionIdle, SessionMax: c.SessionMax, MaxSessions: limits.Sessions, Consent: d.Consent,
	})
	signIn.Register()
	people.New(people.Dependencies{HTTP: server, Store: d.Store, Now: d.Now}).Register()
	parties.New(parties.Dependencies{HTTP: server, Store: d.Store, Now: d.Now}).Register()
	described := profiles.New(profiles.Dependencies{HTTP: server, Store: d.Store, Now: d.Now})
	staff.New(staff.Dependencies{
		HTTP: server, Store: d.Store, Profiles: described, Temporal: d.Temporal, Log: d.Log, Now: d.Now, TaskQueue: c.TaskQueue,
	}).Register()
	described.Register()
	engineers.New(engineers.Dependencies{HTTP: server, Store: d.Store, Profiles: described, Now: d.Now}).Register()
	cards.Register()
	talks.Register()
	sending := messages.New(messages.Dependencies{
		HTTP: server, Store: d.Store, Temporal: d.Temporal, Log: d.Log, Now: d.Now, Orders: cards, Events: follow,
		Signatures: signing.New(d.Store, d.Files, c.Trust), TaskQueue: c.TaskQueue, MaxDrafts: limits.Drafts,
	})
	sending.Register()
	maker, err := generated.NewMaker()
	if err != nil {
		return nil, err
	}
	made := documents.New(documents.Dependencies{
		HTTP: server, Store: d.Store, Temporal: d.Temporal, Log: d.Log, Now: d.Now, Orders: cards, Messages: sending, Events: follow, Maker: maker,
		TaskQueue: c.TaskQueue,
	})
	made.Register()
	archive.New(archive.Dependencies{
		HTTP: server, Store: d.Store, Files: d.Files, Orders: cards, Documents: made, Maker: maker, Log: d.Log, Now: d.Now,
	}).Register()
	goskey.New(goskey.Dependencies{
		HTTP: server, Store: d.Store, Temporal: d.Temporal, Log: d.Log, Now: d.Now, Orders: cards, TaskQueue: c.TaskQueue, Enabled: c.Goskey && c.Trust != nil,
	}).Register()
	checks.New(checks.Dependencies{HTTP: server, Trust: c.Trust, Maker: maker, Now: d.Now}).Register()
	search.New(search.Dependencies{
		HTTP: server, Store: d.Store, Now: d.Now, MaxFileBytes: c.MaxFileBytes, CryptoProScripts: c.CryptoProScripts, LandRegistry: c.LandRegistry,
	}).Register()
	files.New(files.Dependencies{
		HTTP: server, Store: d.Store, Files: d.Files, Temporal: d.Temporal, Log: d.Log, Now: d.Now, Orders: cards, Profiles: described, Chats: talks,
		Events: follow, TaskQueue: c.TaskQueue, MaxFileBytes: c.MaxFileBytes, MaxFiles: limits.Files, MaxBytes: limits.FileBytes,
	}).Register()
	told := notifications.New(notifications.Dependencies{HTTP: server, Store: d.Store, Now: d.Now, Texts: []func(string) string{
		func(kind string) string { return order.NoticeKind(kind).Text() },
		auth.NoticeText, people.NoticeText, parties.NoticeText, staff.NoticeText, engineers.NoticeText, search.NoticeText, goskey.NoticeText,
		func(kind string) string { return registry.Alarm(kind).Text() },
	}})
	told.Register()
	letters, err := c.Mail.Sender()
	if err != nil {
		return nil, err
	}
	mail.New(mail.Dependencies{
		HTTP: server, Store: d.Store, Log: d.Log, Now: d.Now, Sender: letters, LinkKey: c.Mail.LinkKey.Reveal(), PublicURL: c.PublicURL, Moderators: c.Moderators,
		Text: func(kind string) string { return told.Text(kind, "") },
	}).Register()
	follow.Register()
	moderation.New(moderation.Dependencies{
		HTTP: server, Store: d.Store, Profiles: described, Temporal: d.Temporal, Log: d.Log, Now: d.Now, UI: ui, TaskQueue: c.TaskQueue,
		SessionIdle: c.SessionIdle, Moderators: c.Moderators,
		Roles: func(ctx context.Context, person uuid.UUID) ([]moderation.AccountRole, error) {
			choices, err := signIn.ChoicesOf(ctx, person)
			roles := make([]moderation.AccountRole, len(choices))
			for i, choice := range choices {
				roles[i] = moderation.AccountRole(choice)
			}
			return roles, err
		},
	}).Register()
	httpapi.RegisterProblems(server, auth.ExplainSignIn)

	systems := map[string]func(context.Context) error{
		"database": d.Store.Ping, "storage": d.Files.Ping, "temporal": health.Temporal(d.Temporal), "notifications": follow.CheckListener,
	}
	if c.Trust != nil {
		systems["trust"] = c.Trust.Check
		server.InBackground(func(ctx context.Context) { c.Trust.Run(ctx, d.Log, time.Tick(trust.Interval)) })
	}
	server.Watch(systems)
	return server, webapp.Register(server, c.Storage, c.CryptoProScripts)
}
