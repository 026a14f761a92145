package apitest

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// Streamed is one event received from a stream.
type Streamed struct {
	ID    int64
	Event string
	Data  string
}

// Follow opens a stream of events; last is the Last-Event-ID, empty for none. The channel is closed
// when the stream ends.
func (b *Browser) Follow(last string) (events <-chan Streamed, leave func()) {
	b.Platform.T.Helper()
	ctx, cancel := context.WithCancel(b.Platform.T.Context())
	request := b.Request(http.MethodGet, "/api/events", nil).WithContext(ctx)
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	client := *b.Client
	client.Timeout = 0
	response, err := client.Do(request)
	require.NoError(b.Platform.T, err)
	require.Equal(b.Platform.T, http.StatusOK, response.StatusCode)
	require.Contains(b.Platform.T, response.Header.Get("Content-Type"), "text/event-stream")
	found := make(chan Streamed, 100)
	go func() {
		defer close(found)
		defer response.Body.Close()
		lines, one := bufio.NewScanner(response.Body), Streamed{}
		for lines.Scan() {
			name, content, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				one.ID, _ = strconv.ParseInt(content, 10, 64)
			case "event":
				one.Event = content
			case "data":
				one.Data = content
			case "":
				if one.Event != "" {
					found <- one
				}
				one = Streamed{}
			}
		}
	}()
	b.Platform.T.Cleanup(cancel)
	return found, cancel
}

// Await returns the first event with the name for which fits returns true.
func (p *Platform) Await(events <-chan Streamed, name string, fits func(Streamed) bool) Streamed {
	p.T.Helper()
	var found Streamed
	testenv.Eventually(p.T, "the event "+name, func() bool {
		select {
		case e, open := <-events:
			require.True(p.T, open, "the stream ended before "+name)
			found = e
			return e.Event == name && fits(e)
		default:
			return false
		}
	})
	return found
}
