package workflows_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	sdkpb "go.temporal.io/api/sdk/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

type pattern struct {
	what string
	seen *regexp.Regexp
}

// russian finds names, addresses and free text by their letters: no message or state of an order
// contains Russian text. The reports of registry runs do, for operators.
var russian = pattern{"русский текст (имя, адрес, описание)", regexp.MustCompile(`\p{Cyrillic}`)}

// personal finds data that no history may contain.
var personal = []pattern{
	{"ссылка", regexp.MustCompile(`(?i)[a-z]{2,}://|www\.`)},
	{"почта", regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.]+`)},
	{"СНИЛС", regexp.MustCompile(`\b\d{3}-\d{3}-\d{3}[ -]\d{2}\b`)},
	{"телефон", regexp.MustCompile(`\+7[ \d()-]{10,}`)},
	{"номер из одиннадцати и более цифр (СНИЛС, телефон, ИНН, ОГРН, счёт)", regexp.MustCompile(`(^|[^0-9a-f-])\d{10,}($|[^0-9a-f-])`)},
	{"кадастровый номер", regexp.MustCompile(`\b\d{2}:\d{2}:\d{6,7}\b`)},
}

// left is the remainder of a frozen deadline in nanoseconds: a long number that is not personal
// data.
var left = regexp.MustCompile(`"left":\d+`)

// operatorsReason is an operator's reason for a step. Operators enter it without personal data, and
// the Temporal UI shows it on purpose.
var operatorsReason = regexp.MustCompile(`("role":"operator"[^}]*\},"receivedAt":"[^"]*"),"reason":"[^"]*"`)

// platformSummaries are the only Russian summaries that the platform itself adds to an event.
var platformSummaries = func() *regexp.Regexp {
	titles := "неизвестное сообщение"
	for _, r := range order.Rules() {
		titles += "|" + regexp.QuoteMeta("«"+r.Title+"»")
	}
	return regexp.MustCompile(`^"(Заказ кадастровых работ|Срок заказа: \d\d\.\d\d\.\d{4} \d\d:\d\d|Удаление файлов проекта заказа` +
		`|(Запись в базу данных: )?(` + titles + `)|Чтение записанных решений по заказу)"$`)
}()

// No recorded history contains personal data, in any payload of any event.
func TestHistoriesHoldNoPersonalData(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	all := recordedHistories(t)
	require.NotEmpty(t, all)
	for name, history := range all {
		if typeOf(history) == workflowapi.OrderWorkflow {
			require.Empty(t, personalDataIn(history), name)
		} else {
			require.Empty(t, matches(history, personal), name)
		}
	}
}

// The search finds each kind of personal data in each kind of event.
func TestPersonalDataIsFound(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	for _, secret := range []string{
		`{"name":"Иванов"}`, `{"link":"https://disk.example.ru/d/1"}`, `{"to":"ivanov@example.ru"}`, `{"snils":"112-233-445 95"}`,
		`{"snils":"11223344595"}`, `{"phone":"+7 (912) 345-67-89"}`, `{"inn":"7707083893"}`, `{"account":"40702810900000001234"}`,
		`{"number":"77:01:0001001:1"}`,
	} {
		payload := &commonpb.Payload{Data: []byte(secret)}
		inSignal := &historypb.HistoryEvent{Attributes: &historypb.HistoryEvent_WorkflowExecutionSignaledEventAttributes{
			WorkflowExecutionSignaledEventAttributes: &historypb.WorkflowExecutionSignaledEventAttributes{
				Input: &commonpb.Payloads{Payloads: []*commonpb.Payload{payload}},
			},
		}}
		inMarker := &historypb.HistoryEvent{Attributes: &historypb.HistoryEvent_MarkerRecordedEventAttributes{
			MarkerRecordedEventAttributes: &historypb.MarkerRecordedEventAttributes{
				Details: map[string]*commonpb.Payloads{"result": {Payloads: []*commonpb.Payload{payload}}},
			},
		}}
		beside := &historypb.HistoryEvent{UserMetadata: &sdkpb.UserMetadata{Summary: payload}}
		for _, e := range []*historypb.HistoryEvent{inSignal, inMarker, beside} {
			require.NotEmpty(t, personalDataIn(&historypb.History{Events: []*historypb.HistoryEvent{e}}), secret)
		}
	}
}

// personalDataIn returns the forbidden texts in the history of an order, from every string and
// every payload.
func personalDataIn(history *historypb.History) []string {
	var found []string
	plain := proto.CloneOf(history)
	for _, e := range plain.GetEvents() {
		beside := e.GetUserMetadata()
		for _, p := range []*commonpb.Payload{beside.GetSummary(), beside.GetDetails()} {
			if p != nil && !platformSummaries.Match(p.GetData()) {
				found = append(found, fmt.Sprintf("event %d: an unknown summary %s", e.GetEventId(), p.GetData()))
			}
		}
		e.UserMetadata = nil
	}
	return append(found, matches(plain, append([]pattern{russian}, personal...))...)
}

// matches returns the texts of a history that match a pattern.
func matches(history *historypb.History, patterns []pattern) []string {
	var found []string
	for _, e := range history.GetEvents() {
		eachText(e.ProtoReflect(), func(text string) {
			text = operatorsReason.ReplaceAllString(left.ReplaceAllString(text, ""), "$1")
			for _, p := range patterns {
				if p.seen.MatchString(text) {
					found = append(found, fmt.Sprintf("event %d: %s in %s", e.GetEventId(), p.what, text))
				}
			}
		})
	}
	return found
}

// eachText calls visit for all strings and bytes in a message at any depth.
func eachText(m protoreflect.Message, visit func(string)) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap():
			v.Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
				visit(k.String())
				textIn(f.MapValue(), v, visit)
				return true
			})
		case f.IsList():
			for i := range v.List().Len() {
				textIn(f, v.List().Get(i), visit)
			}
		default:
			textIn(f, v, visit)
		}
		return true
	})
}

func textIn(f protoreflect.FieldDescriptor, v protoreflect.Value, visit func(string)) {
	switch f.Kind() {
	case protoreflect.MessageKind:
		eachText(v.Message(), visit)
	case protoreflect.StringKind:
		visit(v.String())
	case protoreflect.BytesKind:
		visit(string(v.Bytes()))
	}
}
