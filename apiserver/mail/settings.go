package mail

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/requisites"
)

// The pages of the web app to which letters lead, and the path of the API by which mail programs end
// them.
const (
	orderPage         = "/orders/"
	notificationsPage = "/notifications"
	settingsPage      = "/settings"
	confirmPage       = "/mail/confirm"
	stopPage          = "/mail/unsubscribe"
	unsubscribePath   = "/api/mail/unsubscribe"
)

// maxConfirmations is how many letters that ask for a confirmation a person may have sent in a day:
// they may go to somebody else's address.
const maxConfirmations = 5

const tag = "Письма"

// LetterSettings are a person's settings of letters.
type LetterSettings struct {
	Enabled     bool       `json:"enabled" doc:"Отправляет ли платформа письма"`
	Address     string     `json:"address,omitempty" doc:"Адрес для писем; нет, если не указан"`
	Suggested   string     `json:"suggested,omitempty" doc:"Почта, подтверждённая на Госуслугах"`
	AskedAt     *time.Time `json:"askedAt,omitempty" doc:"Когда отправлено письмо со ссылкой для подтверждения"`
	ConfirmedAt *time.Time `json:"confirmedAt,omitempty" doc:"Когда адрес подтверждён; нет, если не подтверждён"`
	StoppedAt   *time.Time `json:"stoppedAt,omitempty" doc:"Когда человек отказался от писем; нет, если получает их"`
	RefusedAt   *time.Time `json:"refusedAt,omitempty" doc:"Когда почтовый сервер отказался принимать письма на этот адрес"`
	Topics      Topics     `json:"topics" doc:"Как часто присылать письма"`
}

type settingsOutput struct{ Body LetterSettings }

type addressInput struct {
	Body struct {
		Address string `json:"address" format:"line" maxLength:"254" doc:"Адрес электронной почты"`
	}
}

type topicsInput struct {
	Body struct {
		Topics  Topics `json:"topics" doc:"Как часто присылать письма"`
		Stopped bool   `json:"stopped" doc:"Не присылать никаких писем"`
	}
}

type linkInput struct {
	Token string `query:"token" required:"true" maxLength:"300" pattern:"^[A-Za-z0-9_-]+$" doc:"Из ссылки письма"`
}

// Register adds the operations, and the work in the background.
func (s *Service) Register() {
	const settings, address = "/api/mail/settings", "/api/mail/address"
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-mail-settings", Method: http.MethodGet, Path: settings, Tags: []string{tag}, Summary: "Настройки писем",
	}, httpapi.Consented(), s.get)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "save-mail-settings", Method: http.MethodPut, Path: settings, Tags: []string{tag},
		Summary: "Выбрать, как часто присылать письма", Errors: []int{http.StatusConflict},
	}, httpapi.Consented(), s.save)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "set-mail-address", Method: http.MethodPut, Path: address, Tags: []string{tag}, Errors: []int{http.StatusConflict},
		Summary:     "Указать адрес для писем",
		Description: "На адрес уходит письмо со ссылкой для подтверждения, также если он уже указан. Пока адрес не подтверждён, других писем нет.",
	}, httpapi.Consented(), s.setAddress)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "delete-mail-address", Method: http.MethodDelete, Path: address, Tags: []string{tag}, Summary: "Удалить адрес для писем и их настройки",
	}, httpapi.Consented(), s.deleteAddress)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "confirm-mail-address", Method: http.MethodPost, Path: "/api/mail/confirm", Tags: []string{tag}, DefaultStatus: http.StatusNoContent,
		Summary: "Подтвердить адрес по ссылке из письма; вход не нужен", Errors: []int{http.StatusConflict},
	}, httpapi.Public, s.confirm)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "unsubscribe", Method: http.MethodPost, Path: unsubscribePath, Tags: []string{tag}, DefaultStatus: http.StatusNoContent,
		Summary:     "Отказаться от писем по ссылке из письма; вход не нужен",
		Description: "Так отказываются и почтовые программы (RFC 8058). Тело запроса не читается.", Errors: []int{http.StatusConflict},
	}, httpapi.Public, s.unsubscribe)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "open-unsubscribe", Method: http.MethodGet, Path: unsubscribePath, Tags: []string{tag}, DefaultStatus: http.StatusSeeOther,
		Summary: "Открыть страницу отказа от писем",
	}, httpapi.Public, s.openUnsubscribe)
	s.HTTP.Every(interval, "sending letters", s.run)
	s.HTTP.Every(time.Hour, "deleting old letters", s.sweep)
}

func (s *Service) get(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	by := httpapi.SessionFrom(ctx)
	person, err := s.Store.PersonByID(ctx, by.Person)
	if err != nil {
		return nil, fmt.Errorf("reading a person: %w", err)
	}
	out := &settingsOutput{Body: LetterSettings{Enabled: s.Sender != nil, Suggested: person.Email, Topics: defaultTopics}}
	row, err := s.Store.MailAddress(ctx, by.Person)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return out, nil
	case err != nil:
		return nil, fmt.Errorf("reading the settings of letters: %w", err)
	}
	b := &out.Body
	b.Address, b.AskedAt, b.ConfirmedAt, b.StoppedAt, b.RefusedAt = row.Address, &row.AskedAt, row.ConfirmedAt, row.StoppedAt, row.RefusedAt
	b.Topics = Topics{Frequency(row.Action), Frequency(row.Progress), Frequency(row.Found), Frequency(row.Account)}
	return out, nil
}

func (s *Service) save(ctx context.Context, in *topicsInput) (*settingsOutput, error) {
	now, t := s.Now().UTC(), in.Body.Topics
	changed, err := s.Store.SetMailTopics(ctx, sqlcgen.SetMailTopicsParams{
		PersonID: httpapi.SessionFrom(ctx).Person, Action: string(t.Action), Progress: string(t.Progress), Found: string(t.Found), Account: string(t.Account),
		Stopped: in.Body.Stopped, At: &now,
	})
	if err != nil {
		return nil, fmt.Errorf("saving the settings of letters: %w", err)
	}
	if changed == 0 {
		return nil, problems.New(problems.NoMailAddress)
	}
	return s.get(ctx, nil)
}

func (s *Service) setAddress(ctx context.Context, in *addressInput) (*settingsOutput, error) {
	if s.Sender == nil {
		return nil, problems.New(problems.MailOff)
	}
	address, err := requisites.Email(in.Body.Address)
	if err != nil {
		return nil, problems.Invalid(problems.FieldProblem{Field: "address", Message: err.Error()})
	}
	person, now := httpapi.SessionFrom(ctx).Person, s.Now().UTC()
	err = s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockPerson(ctx, person); err != nil {
			return fmt.Errorf("locking a person: %w", err)
		}
		asked, err := q.CountConfirmationMails(ctx, sqlcgen.CountConfirmationMailsParams{PersonID: person, Since: now.Add(-24 * time.Hour)})
		if err != nil {
			return fmt.Errorf("counting the letters of a person: %w", err)
		}
		if asked >= maxConfirmations {
			return problems.New(problems.TooManyLetters)
		}
		version, err := q.SetMailAddress(ctx, sqlcgen.SetMailAddressParams{PersonID: person, Address: address, AskedAt: now})
		if err != nil {
			return fmt.Errorf("saving an address for letters: %w", err)
		}
		return q.InsertMail(ctx, sqlcgen.InsertMailParams{ID: uuid.New(), PersonID: person, Kind: kindConfirmation, Version: &version, CreatedAt: now})
	})
	if err != nil {
		return nil, err
	}
	return s.get(ctx, nil)
}

func (s *Service) deleteAddress(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	if err := s.Store.DeleteMailAddress(ctx, httpapi.SessionFrom(ctx).Person); err != nil {
		return nil, fmt.Errorf("deleting an address for letters: %w", err)
	}
	return s.get(ctx, nil)
}

func (s *Service) confirm(ctx context.Context, in *struct {
	Body struct {
		Token string `json:"token" maxLength:"300" pattern:"^[A-Za-z0-9_-]+$" doc:"Из ссылки письма"`
	}
},
) (*struct{}, error) {
	person, version, ok := s.links.readConfirmation(in.Body.Token)
	if !ok {
		return nil, problems.New(problems.MailLinkInvalid)
	}
	now := s.Now().UTC()
	confirmed, err := s.Store.ConfirmMailAddress(ctx, sqlcgen.ConfirmMailAddressParams{PersonID: person, Version: version, At: &now})
	if err != nil {
		return nil, fmt.Errorf("confirming an address: %w", err)
	}
	if confirmed == 0 {
		return nil, problems.New(problems.MailLinkInvalid)
	}
	return nil, nil //nolint:nilnil // 204
}

func (s *Service) unsubscribe(ctx context.Context, in *linkInput) (*struct{}, error) {
	person, ok := s.links.readStop(in.Token)
	if !ok {
		return nil, problems.New(problems.MailLinkInvalid)
	}
	now := s.Now().UTC()
	if _, err := s.Store.StopMail(ctx, sqlcgen.StopMailParams{PersonID: person, At: &now}); err != nil {
		return nil, fmt.Errorf("ending the letters to a person: %w", err)
	}
	return nil, nil //nolint:nilnil // 204, also if the address is deleted: nothing is sent
}

type redirectOutput struct {
	Location string `header:"Location"`
}

func (s *Service) openUnsubscribe(_ context.Context, in *linkInput) (*redirectOutput, error) {
	return &redirectOutput{Location: stopPage + "?token=" + in.Token}, nil
}
