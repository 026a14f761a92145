package chats

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// The sides of messages. Those of people are named as their roles.
const sidePlatform = "platform"

type chatMessagesOutput struct {
	Body struct {
		Items       []ChatMessage `json:"items" nullable:"false" doc:"По порядку номеров"`
		Earlier     bool          `json:"earlier" doc:"Есть более ранние"`
		Later       bool          `json:"later" doc:"Есть более поздние"`
		ReadByOther int32         `json:"readByOther" doc:"До какого сообщения прочитала другая сторона"`
		Read        int32         `json:"read" doc:"До какого сообщения прочитал человек"`
		Writing
	}
}

// page returns messages in their order: those after one, those before one, or the newest. Numbers
// have no gaps, so a page is a range of them.
func (a *Service) page(ctx context.Context, in *struct {
	Path
	Before int32 `query:"before" minimum:"1" maximum:"2147483647" doc:"Только сообщения с меньшими номерами"`
	After  int32 `query:"after" minimum:"0" maximum:"2147483647" doc:"Только сообщения с большими номерами; без after и before — последние"`
	Limit  int32 `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"Сколько сообщений"`
},
) (*chatMessagesOutput, error) {
	t, err := a.Open(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	first, last := t.Seq-in.Limit+1, t.Seq
	switch {
	case in.Before > 0:
		first, last = max(in.After+1, in.Before-in.Limit), in.Before-1
	case in.After > 0:
		first, last = in.After+1, int32(min(int64(in.After)+int64(in.Limit), int64(t.Seq)))
	}
	var rows []sqlcgen.ChatMessagesRow
	var marks sqlcgen.ReadMarksRow
	if err := a.Store.Batch(ctx, func(q *sqlcgen.Queries) (err error) {
		rows, err = q.ChatMessages(ctx, sqlcgen.ChatMessagesParams{OrderID: t.OrderID, EngineerID: t.EngineerID, First: first, Last: last})
		return err
	}, func(q *sqlcgen.Queries) (err error) {
		marks, err = q.ReadMarks(ctx, sqlcgen.ReadMarksParams{
			OrderID: t.OrderID, EngineerID: t.EngineerID, Role: string(t.By.Role), Person: t.By.Person, Other: string(t.otherSide()),
		})
		return err
	}); err != nil {
		return nil, fmt.Errorf("reading the messages of a chat: %w", err)
	}
	out := &chatMessagesOutput{}
	if out.Body.Items, err = a.messagesOf(ctx, t, rows); err != nil {
		return nil, err
	}
	out.Body.Earlier, out.Body.Later = len(rows) > 0 && first > 1, last < t.Seq
	out.Body.Read, out.Body.ReadByOther, out.Body.Writing = marks.Own, marks.Other, t.writing()
	return out, nil
}

// otherSide returns the side whose reading the caller sees: of the other side, for an employer of the
// customer. A moderator sees none.
func (t *Thread) otherSide() order.Role {
	switch t.By.Role {
	case order.RoleCustomer:
		return order.RoleEngineer
	case order.RoleEngineer, order.RoleEmployer:
		return order.RoleCustomer
	}
	return ""
}

func (a *Service) messagesOf(ctx context.Context, t *Thread, rows []sqlcgen.ChatMessagesRow) ([]ChatMessage, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ChatMessage.ID
	}
	files, err := a.filesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	found := make([]ChatMessage, len(rows))
	for i, r := range rows {
		found[i] = t.message(r, files)
	}
	return found, nil
}

func (a *Service) filesOf(ctx context.Context, messages []uuid.UUID) (map[uuid.UUID][]ChatFile, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	rows, err := a.Store.FilesOfChatMessages(ctx, messages)
	if err != nil {
		return nil, fmt.Errorf("reading the files of messages: %w", err)
	}
	files := map[uuid.UUID][]ChatFile{}
	for _, f := range rows {
		files[f.MessageID] = append(files[f.MessageID], ChatFile{ID: f.ID, Name: f.Name, Size: f.Size, Type: f.ContentType})
	}
	return files, nil
}

// message returns a message as the caller sees it.
func (t *Thread) message(r sqlcgen.ChatMessagesRow, files map[uuid.UUID][]ChatFile) ChatMessage {
	m := r.ChatMessage
	shown := ChatMessage{
		Seq: m.Seq, ID: m.ID, Side: m.Side, Text: m.Text, Files: []ChatFile{}, SentAt: m.SentAt, CorrectedAt: m.CorrectedAt, WithdrawnAt: m.WithdrawnAt,
		Author: ChatAuthor{Name: wire.FullName(r.LastName, r.FirstName, r.MiddleName), Mine: m.Side != sidePlatform && m.AuthorID == t.By.Person},
	}
	switch {
	case m.Side == sidePlatform:
		shown.Author.Name = platformName
	case m.Side == string(order.RoleCustomer) && !t.knowsCustomer():
		shown.Author.Name = anyCustomer
	}
	moderator := t.By.Role == order.RoleModerator
	seesEarlier := shown.Author.Mine || moderator
	if seesEarlier {
		shown.EarlierTexts = m.Corrections
	}
	if m.WithdrawnAt != nil {
		shown.Text = ""
		if seesEarlier {
			shown.EarlierTexts++
		}
	}
	if m.WithdrawnAt == nil || moderator {
		shown.Files = append(shown.Files, files[m.ID]...)
	}
	if until := m.SentAt.Add(correctionTerm); shown.Author.Mine && m.WithdrawnAt == nil && t.Now.Before(until) && t.closedReason() == "" {
		shown.CorrectableUntil = &until
	}
	return shown
}

type chatTextsOutput struct {
	Body struct {
		Items []EarlierText `json:"items" nullable:"false" doc:"От первого; у отозванного сообщения и последний"`
	}
}

// EarlierText is what a message said before it was corrected or withdrawn.
type EarlierText struct {
	Text  string    `json:"text" doc:"Текст"`
	Until time.Time `json:"until" doc:"До какого времени он был в переписке"`
}

// earlierTexts returns what a message said before. Others than its author and a moderator get none.
func (a *Service) earlierTexts(ctx context.Context, in *MessagePath) (*chatTextsOutput, error) {
	t, err := a.Open(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	m, err := messageAt(ctx, a.Store.Queries, t, in.Seq)
	if err != nil {
		return nil, err
	}
	out := &chatTextsOutput{}
	out.Body.Items = []EarlierText{}
	if m.Side == sidePlatform || m.AuthorID != t.By.Person && t.By.Role != order.RoleModerator {
		return out, nil
	}
	rows, err := a.Store.ChatTexts(ctx, m.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the earlier texts of a message: %w", err)
	}
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, EarlierText{Text: r.Text, Until: r.ReplacedAt})
	}
	if m.WithdrawnAt != nil {
		out.Body.Items = append(out.Body.Items, EarlierText{Text: m.Text, Until: *m.WithdrawnAt})
	}
	return out, nil
}

func messageAt(ctx context.Context, q *sqlcgen.Queries, t *Thread, seq int32) (sqlcgen.ChatMessage, error) {
	row, err := q.ChatMessage(ctx, sqlcgen.ChatMessageParams{OrderID: t.OrderID, EngineerID: t.EngineerID, Seq: seq})
	if isNotFound(err) {
		err = problems.New(problems.NotFound).WithDetail("Такого сообщения в переписке нет.")
	}
	return row.ChatMessage, wrap(err, "reading a message")
}
