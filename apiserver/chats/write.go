package chats

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
)

type messageOutput struct {
	Status int
	Body   ChatMessage
}

// ChatText is what a person writes.
type ChatText struct {
	Text string `json:"text,omitempty" format:"text" maxLength:"10000" doc:"Текст"`
}

// empty is the refusal of a message without text and files.
func empty() error {
	return problems.Invalid(problems.FieldProblem{Field: "text", Message: "Напишите сообщение или приложите файл."})
}

// send appends a message. The same key is the same message, also if it was corrected since.
func (a *Service) send(ctx context.Context, in *struct {
	Path
	httpapi.Idempotent
	Body struct {
		ChatText
		Files []uuid.UUID `json:"files,omitempty" format:"uuid" maxItems:"20" doc:"Файлы переписки и документы заказа"`
	}
},
) (*messageOutput, error) {
	t, err := a.load(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	if in.Body.Text == "" && len(in.Body.Files) == 0 {
		return nil, empty()
	}
	request, err := json.Marshal(in.Body)
	if err != nil {
		return nil, fmt.Errorf("encoding a message: %w", err)
	}
	sum := sha256.Sum256(request)
	m := sqlcgen.InsertChatMessageParams{
		OrderID: t.OrderID, EngineerID: t.EngineerID, ID: in.ID(t.By, "chat-message", t.OrderID.String(), t.EngineerID.String()), Side: string(t.By.Role),
		AuthorID: t.By.Person, RequestSha256: hex.EncodeToString(sum[:]), Text: in.Body.Text,
	}
	var seq int32
	err = a.change(ctx, t, func(q *sqlcgen.Queries) error {
		sent, err := q.SentChatMessage(ctx, sqlcgen.SentChatMessageParams{ID: m.ID, OrderID: t.OrderID, EngineerID: t.EngineerID})
		switch {
		case err == nil && sent.RequestSha256 != m.RequestSha256:
			return problems.New(problems.KeyReused)
		case err == nil:
			seq = sent.Seq
			return nil
		case !isNotFound(err):
			return fmt.Errorf("finding a message that was sent: %w", err)
		}
		if err := t.requireWritable(); err != nil {
			return err
		}
		files := slices.Clone(in.Body.Files)
		if err := a.requireFiles(ctx, q, t, files); err != nil {
			return err
		}
		m.SentAt = t.Now
		if seq, err = q.InsertChatMessage(ctx, m); err != nil {
			return fmt.Errorf("writing a message: %w", err)
		}
		if len(files) > 0 {
			if err := q.InsertChatFiles(ctx, sqlcgen.InsertChatFilesParams{MessageID: m.ID, Files: files}); err != nil {
				return fmt.Errorf("attaching files to a message: %w", err)
			}
		}
		return t.announce(ctx, q, seq, changeNew)
	})
	if err != nil {
		return nil, err
	}
	return a.answer(ctx, t, seq, http.StatusCreated)
}

// change runs do while no recording of the order and no other writer changes the chat, and makes t
// what it is then.
func (a *Service) change(ctx context.Context, t *Thread, do func(*sqlcgen.Queries) error) error {
	return a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		locked, err := q.LockChat(ctx, sqlcgen.LockChatParams{OrderID: t.OrderID, EngineerID: t.EngineerID})
		if err != nil {
			return fmt.Errorf("locking a chat: %w", err)
		}
		t.ShownChat.Open, t.EndedAt, t.Seq, t.Now = locked.Open, locked.EndedAt, locked.Seq, a.Now().UTC()
		return do(q)
	})
}

// requireFiles refuses files that the caller may not send: other than stored files that his side
// uploaded to the chat and documents of the order that he sees.
func (a *Service) requireFiles(ctx context.Context, q *sqlcgen.Queries, t *Thread, named []uuid.UUID) error {
	if len(named) == 0 {
		return nil
	}
	rows, err := q.FilesToSend(ctx, sqlcgen.FilesToSendParams{
		OrderID: t.OrderID, EngineerID: t.EngineerID, Files: named, Role: string(t.By.Role), Party: &t.By.Party,
	})
	if err != nil {
		return fmt.Errorf("reading the files of a message: %w", err)
	}
	var o *orders.Visible
	allowed := map[uuid.UUID]bool{}
	for _, f := range rows {
		if allowed[f.ID] = true; !f.Document {
			continue
		}
		if o == nil {
			seen, err := a.Orders.LoadVisible(ctx, t.OrderID)
			if err != nil {
				return err
			}
			o = &seen
		}
		if allowed[f.ID], err = o.SeesFile(ctx, q, f.ID); err != nil {
			return err
		}
	}
	var faults []problems.FieldProblem
	for i, id := range named {
		switch {
		case !allowed[id]:
			faults = append(faults, problems.FieldProblem{Field: fmt.Sprintf("files[%d]", i), Message: "Этого файла в переписке нет, или его проверка не закончена. Загрузите файл ещё раз."})
		case slices.Contains(named[:i], id):
			faults = append(faults, problems.FieldProblem{Field: fmt.Sprintf("files[%d]", i), Message: "Этот файл уже приложен."})
		}
	}
	if faults != nil {
		return problems.Invalid(faults...)
	}
	return nil
}

// correct replaces the text of the caller's own message; the earlier one is kept.
func (a *Service) correct(ctx context.Context, in *struct {
	MessagePath
	Body ChatText
},
) (*messageOutput, error) {
	t, err := a.load(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	err = a.change(ctx, t, func(q *sqlcgen.Queries) error {
		m, err := a.ownMessage(ctx, q, t, in.Seq)
		if err != nil || m.Text == in.Body.Text {
			return err
		}
		if in.Body.Text == "" {
			files, err := q.FilesOfChatMessages(ctx, []uuid.UUID{m.ID})
			if err != nil {
				return fmt.Errorf("reading the files of a message: %w", err)
			}
			if len(files) == 0 {
				return empty()
			}
		}
		if err := q.CorrectChatMessage(ctx, sqlcgen.CorrectChatMessageParams{
			OrderID: t.OrderID, EngineerID: t.EngineerID, Seq: in.Seq, Text: in.Body.Text, At: t.Now,
		}); err != nil {
			return fmt.Errorf("correcting a message: %w", err)
		}
		return t.announce(ctx, q, in.Seq, changeCorrected)
	})
	if err != nil {
		return nil, err
	}
	return a.answer(ctx, t, in.Seq, http.StatusOK)
}

// withdraw takes the caller's own message back. It keeps its place, and its text is not shown any
// more. A repetition changes nothing.
func (a *Service) withdraw(ctx context.Context, in *MessagePath) (*struct{}, error) {
	t, err := a.load(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	err = a.change(ctx, t, func(q *sqlcgen.Queries) error {
		if m, err := messageAt(ctx, q, t, in.Seq); err == nil && m.WithdrawnAt != nil && m.AuthorID == t.By.Person {
			return nil
		}
		if _, err := a.ownMessage(ctx, q, t, in.Seq); err != nil {
			return err
		}
		if err := q.WithdrawChatMessage(ctx, sqlcgen.WithdrawChatMessageParams{OrderID: t.OrderID, EngineerID: t.EngineerID, Seq: in.Seq, At: t.Now}); err != nil {
			return fmt.Errorf("withdrawing a message: %w", err)
		}
		return t.announce(ctx, q, in.Seq, changeWithdrawn)
	})
	return nil, err
}

// ownMessage returns a message that the caller may correct or withdraw.
func (a *Service) ownMessage(ctx context.Context, q *sqlcgen.Queries, t *Thread, seq int32) (sqlcgen.ChatMessage, error) {
	m, err := messageAt(ctx, q, t, seq)
	switch {
	case err != nil:
		return m, err
	case m.Side != string(t.By.Role) || m.AuthorID != t.By.Person:
		return m, problems.New(problems.ChatMessageFinal).WithDetail("Исправить или отозвать сообщение может только тот, кто его написал.")
	case m.WithdrawnAt != nil:
		return m, problems.New(problems.ChatMessageFinal).WithDetail("Это сообщение уже отозвано.")
	}
	if err := t.requireWritable(); err != nil {
		return m, err
	}
	if !t.Now.Before(m.SentAt.Add(correctionTerm)) {
		return m, problems.New(problems.ChatMessageFinal)
	}
	return m, nil
}

// answer returns a message that was written.
func (a *Service) answer(ctx context.Context, t *Thread, seq int32, status int) (*messageOutput, error) {
	rows, err := a.Store.ChatMessages(ctx, sqlcgen.ChatMessagesParams{OrderID: t.OrderID, EngineerID: t.EngineerID, First: seq, Last: seq})
	if err != nil {
		return nil, fmt.Errorf("reading a message: %w", err)
	}
	found, err := a.messagesOf(ctx, t, rows)
	if err != nil {
		return nil, err
	}
	return &messageOutput{status, found[0]}, nil
}

// moderatorReads is the line by which a chat tells that a moderator reads it.
const moderatorReads = "Модератор открыл эту переписку, чтобы решить спор по заказу."

// tellOfModerator writes once for each dispute that a moderator has opened the chat.
func (a *Service) tellOfModerator(ctx context.Context, t *Thread) (*Thread, error) {
	since, err := time.Parse(time.RFC3339Nano, t.DisputedSince)
	if err != nil {
		return nil, fmt.Errorf("reading the beginning of a dispute: %w", err)
	}
	about := sqlcgen.ReadingToldParams{OrderID: t.OrderID, EngineerID: t.EngineerID, DisputeAt: since}
	if told, err := a.Store.ReadingTold(ctx, about); err != nil || told {
		return t, wrap(err, "finding whether a chat tells of a moderator")
	}
	err = a.change(ctx, t, func(q *sqlcgen.Queries) error {
		told, err := q.ReadingTold(ctx, about)
		if err != nil || told {
			return wrap(err, "finding whether a chat tells of a moderator")
		}
		seq, err := q.InsertChatMessage(ctx, sqlcgen.InsertChatMessageParams{
			OrderID: t.OrderID, EngineerID: t.EngineerID, ID: uuid.New(), Side: sidePlatform, AuthorID: t.By.Person, Text: moderatorReads,
			SentAt: t.Now, DisputeAt: &since,
		})
		if err != nil {
			return fmt.Errorf("telling that a moderator reads a chat: %w", err)
		}
		t.Seq = seq
		return t.announce(ctx, q, seq, changeNew)
	})
	return t, err
}

// What changed in a chat.
const (
	changeNew       = "new"
	changeCorrected = "corrected"
	changeWithdrawn = "withdrawn"
	changeRead      = "read"
)

// announce tells the open pages of the chat's readers of a change when the transaction of q commits.
func (t *Thread) announce(ctx context.Context, q *sqlcgen.Queries, seq int32, what string) error {
	c := db.OrderChange{Order: t.OrderID.String(), Chat: t.EngineerID.String(), Seq: int(seq), What: what}
	if !t.isOfParty() && what == changeRead { // that an employer reads is his own business
		c.Person = t.By.Person.String()
	}
	return c.Notify(ctx, q)
}

func isNotFound(err error) bool { return errors.Is(err, db.ErrNotFound) }

func wrap(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
