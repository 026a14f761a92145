package people

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"epkr/dev/bench/platform"
	"epkr/internal/order"
	"epkr/workflows/contract"
)

// browser keeps as many connections as people ask at once.
var browser = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

// Create makes a draft.
func (p Person) Create(ctx context.Context) (uuid.UUID, error) {
	key := uuid.NewString()
	id := contract.NewOrderID(p.Actor, key)
	return id, p.tell(ctx, id, order.Create, "/api/orders", key, nil)
}

// Publish makes an order that engineers see.
func (p Person) Publish(ctx context.Context) (uuid.UUID, error) {
	id, err := p.Create(ctx)
	if err != nil {
		return id, err
	}
	price := order.Kopecks(5_000_000)
	terms := order.Terms{Region: Region, WorkKind: "parcel-formation", TermDays: 30, Price: &price}
	form := order.Form{Address: "Московская область, Химки, улица Заречная, 1", Description: "Участок в СНТ «Заречье», границы не установлены."}
	return id, p.Send(ctx, id, order.Publish, terms, form)
}

// Send tells an order something and returns when it has applied it. A refusal is an error.
func (p Person) Send(ctx context.Context, to uuid.UUID, kind order.Kind, details, text any) error {
	body := map[string]any{}
	if details != nil {
		body["details"] = details
	}
	if text != nil {
		body["text"] = text
	}
	return p.tell(ctx, to, kind, "/api/orders/"+to.String()+"/"+string(kind), uuid.NewString(), body)
}

// judged is the part of an answer that says what became of a message.
type judged struct {
	Message struct{ ID, State, Reason string }
}

// tell looks for the verdict itself where the answer only accepts the message.
func (p Person) tell(ctx context.Context, to uuid.UUID, kind order.Kind, path, key string, body map[string]any) error {
	var answer judged
	if err := p.ask(ctx, http.MethodPost, path, key, body, &answer); err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	if answer.Message.State == string(order.Applied) {
		return nil
	}
	address := "/api/orders/" + to.String() + "/messages/" + answer.Message.ID
	return platform.Await(ctx, "the verdict on "+string(kind), func() (bool, error) {
		err := p.ask(ctx, http.MethodGet, address, "", nil, &answer)
		if err == nil && answer.Message.State == string(order.WasRefused) {
			err = errors.New(answer.Message.Reason)
		}
		return answer.Message.State == string(order.Applied), err
	})
}

// ask sends one request; an empty body sends none. An answer of 300 and above is an error.
func (p Person) ask(ctx context.Context, method, path, key string, body map[string]any, answer any) error {
	var content io.Reader = http.NoBody
	if len(body) > 0 {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encoding a request: %w", err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, p.url+path, content)
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	request.Header.Set("Cookie", "epkr_session="+p.token)
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := browser.Do(request)
	if err != nil {
		return fmt.Errorf("asking the platform: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %d %.300s", method, path, response.StatusCode, text)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	return nil
}
