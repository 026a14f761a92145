package goskey

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	pageSize = 100
	// maxPages bounds one poll: ЕПГУ accepts 20 orders of a person in ten minutes, and a poll is about
	// minutes.
	maxPages = 200
)

// localTime is the form of times in the polls of ЕПГУ, in Moscow time.
const localTime = "2006-01-02T15:04:05.000"

// Change says that the state of an order has changed.
type Change struct {
	Order OrderID
	At    time.Time
}

// Changed returns the orders of the platform whose state has changed since a time. One call is for all
// orders. An order that ЕПГУ did not pass on to «Госключ» is not among them, so the caller asks for the
// state of a new order until it waits for the person.
func (c *Client) Changed(ctx context.Context, since time.Time) ([]Change, error) {
	var all []Change
	for page := range maxPages {
		changes, last, err := c.changedPage(ctx, since, page)
		if err != nil {
			return nil, err
		}
		all = append(all, changes...)
		if last {
			return all, nil
		}
	}
	return nil, failure(CodeAnswerInvalid, "more than %d orders have changed", maxPages*pageSize)
}

func (c *Client) changedPage(ctx context.Context, since time.Time, page int) (changes []Change, last bool, err error) {
	query := url.Values{
		"pageNum": {fmt.Sprint(page)}, "pageSize": {fmt.Sprint(pageSize)}, "updatedAfter": {since.In(moscow).Format(localTime)},
	}
	var answer struct {
		Total   int `json:"totalCount"`
		Content []struct {
			OrderID OrderID `json:"orderId"`
			Status  *struct {
				Updated string `json:"updated"`
			} `json:"status"`
		} `json:"content"`
	}
	path := "/api/gusmev/order/getUpdatedAfter?" + query.Encode()
	if err := c.doJSON(ctx, call{method: http.MethodGet, path: path}, &answer); err != nil {
		return nil, false, err
	}
	for _, row := range answer.Content {
		if row.Status == nil || row.OrderID <= 0 {
			continue
		}
		at, err := time.ParseInLocation(localTime, row.Status.Updated, moscow)
		if err != nil {
			return nil, false, failure(CodeAnswerInvalid, "the time of a change is not in the form of the specification")
		}
		changes = append(changes, Change{row.OrderID, at.UTC()})
	}
	return changes, len(answer.Content) == 0 || page*pageSize+len(answer.Content) >= answer.Total, nil
}
