package api

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/health"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/storage"
)

// Dependencies are what the API needs; all are required.
type Dependencies struct {
	Store     *db.Store
	ListenURL string // of the database, for LISTEN; connected to by Run
	Temporal  client.Client
	Files     *storage.Store
	ESIA      *esia.Client
	Config    config.API
	Consent   Consent
	Log       *slog.Logger
	Now       func() time.Time
}

// New is the table of contents of the API: it builds the services and registers each. It listens to nothing and starts nothing.
func New(d Dependencies) (*Server, error) {
	c, limits := d.Config, d.Config.Limits
	server, err := newServer(Options{
		Store: d.Store, Log: d.Log, Now: d.Now, PublicURL: c.PublicURL, Limits: limits, SessionIdle: c.SessionIdle,
		MembershipMaxAge: c.MembershipMaxAge, AuthorityMaxAge: c.AuthorityMaxAge, Moderators: c.Moderators, ConsentVersion: d.Consent.Version,
	})
	if err != nil {
		return nil, err
	}
	ui := TemporalUI{URL: c.TemporalUIURL, Namespace: c.Temporal.Options().Namespace}
	follow := newEventService(eventDependencies{HTTP: server, Store: d.Store, Log: d.Log, ListenURL: d.ListenURL, MaxStreams: limits.Streams})
	cards := newOrderService(orderDependencies{HTTP: server, Store: d.Store, Now: d.Now, UI: ui})

	newAuthService(authDependencies{
		HTTP: server, Store: d.Store, ESIA: d.ESIA, Log: d.Log, Now: d.Now, PublicURL: c.PublicURL, Redirect: c.ESIARedirect,
		SessionIdle: c.SessionIdle, SessionMax: c.SessionMax, MaxSessions: limits.Sessions, Consent: d.Consent,
	}).Register()
	newPeopleService(peopleDependencies{HTTP: server, Store: d.Store, Now: d.Now}).Register()
	cards.Register()
	newMessageService(messageDependencies{
		HTTP: server, Store: d.Store, Temporal: d.Temporal, Log: d.Log, Now: d.Now, Orders: cards, Events: follow,
		TaskQueue: c.TaskQueue, MaxDrafts: limits.Drafts,
	}).Register()
	newSearchService(searchDependencies{HTTP: server, Store: d.Store, Now: d.Now, MaxFileBytes: c.MaxFileBytes}).Register()
	newFileService(fileDependencies{
		HTTP: server, Store: d.Store, Files: d.Files, Temporal: d.Temporal, Log: d.Log, Now: d.Now, Orders: cards, Events: follow,
		TaskQueue: c.TaskQueue, MaxFileBytes: c.MaxFileBytes, MaxFiles: limits.Files, MaxBytes: limits.FileBytes,
	}).Register()
	newNotificationService(notificationDependencies{HTTP: server, Store: d.Store, Now: d.Now, Texts: []func(string) string{
		func(kind string) string { return order.NoticeKind(kind).Text() },
		NoticeText,
		func(kind string) string { return registry.Alarm(kind).Text() },
	}}).Register()
	follow.Register()
	newModerationService(moderationDependencies{
		HTTP: server, Store: d.Store, Temporal: d.Temporal, Log: d.Log, Now: d.Now, UI: ui, TaskQueue: c.TaskQueue,
	}).Register()
	registerProblems(server, explainSignIn)

	server.Watch(map[string]func(context.Context) error{
		"database": d.Store.Ping, "storage": d.Files.Ping, "temporal": health.Temporal(d.Temporal), "notifications": follow.Heard,
	})
	return server, registerWebApp(server, c.Storage)
}
