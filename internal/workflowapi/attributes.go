package workflowapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"epkr/internal/order"
)

// The search attributes, for the operators: all but the last are of an order. Postgres keeps 10 keywords, 3 datetimes
// and 3 booleans in a namespace.
var (
	AttrOrderNumber = temporal.NewSearchAttributeKeyKeyword("OrderNumber")
	AttrStage       = temporal.NewSearchAttributeKeyKeyword("Stage")
	AttrWaitsFor    = temporal.NewSearchAttributeKeyKeyword("WaitsFor")
	AttrHold        = temporal.NewSearchAttributeKeyKeyword("Hold")
	AttrRegionCode  = temporal.NewSearchAttributeKeyKeyword("RegionCode")
	AttrEngineerID  = temporal.NewSearchAttributeKeyKeyword("EngineerID")
	AttrWaitsSince  = temporal.NewSearchAttributeKeyTime("WaitsSince")
	AttrDeadline    = temporal.NewSearchAttributeKeyTime("Deadline")
	// AttrOverdue is true from the moment when the deadline came until the step is taken, and unset otherwise.
	AttrOverdue = temporal.NewSearchAttributeKeyBool("Overdue")
	// AttrAlarm is of the registry's workflows: a [registry.Alarm], while or because somebody has to look.
	AttrAlarm = temporal.NewSearchAttributeKeyKeyword("Alarm")
)

// HoldDiverged marks an order that stopped because its record is not its own.
const HoldDiverged = "diverged"

// Attributes are the values of an order's search attributes; the zero value of a field leaves it out.
type Attributes struct {
	OrderNumber, Stage, WaitsFor, Hold, RegionCode, EngineerID string
	WaitsSince, Deadline                                       time.Time
	Overdue                                                    bool
}

// AttributesOf shows an order to the operators.
func AttributesOf(s *order.State) Attributes {
	a := Attributes{
		OrderNumber: s.Number,
		Stage:       string(s.ShownStage()),
		WaitsFor:    string(s.Awaits().For),
		WaitsSince:  s.Awaits().Since,
		Deadline:    s.Deadline(),
		Hold:        holdOf(s),
		// A history that became overdue before its states kept the end of the term has upserted no such attribute.
		Overdue: s.Overdue && !s.Wait.Until.IsZero(),
	}
	if s.Terms != nil {
		a.RegionCode = s.Terms.Region
	}
	if s.Performer != nil {
		a.EngineerID = s.Performer.ID
	}
	return a
}

// holdOf lists who holds the order; one that has ended is held by nobody, whatever was last said of its engineer.
func holdOf(s *order.State) string {
	if s.Stage.Final() {
		return ""
	}
	holds := make([]string, 0, 3)
	for _, h := range s.Holds() {
		holds = append(holds, string(h))
	}
	slices.Sort(holds)
	return strings.Join(holds, ",")
}

// Updates are the changes from before to a, for one upsert command; none if nothing changed.
func (a Attributes) Updates(before Attributes) []temporal.SearchAttributeUpdate {
	var updates []temporal.SearchAttributeUpdate
	keyword := func(key temporal.SearchAttributeKeyKeyword, old, now string) {
		switch {
		case old == now:
		case now == "":
			updates = append(updates, key.ValueUnset())
		default:
			updates = append(updates, key.ValueSet(now))
		}
	}
	moment := func(key temporal.SearchAttributeKeyTime, old, now time.Time) {
		switch {
		case old.Equal(now):
		case now.IsZero():
			updates = append(updates, key.ValueUnset())
		default:
			updates = append(updates, key.ValueSet(now))
		}
	}
	keyword(AttrOrderNumber, before.OrderNumber, a.OrderNumber)
	keyword(AttrStage, before.Stage, a.Stage)
	keyword(AttrWaitsFor, before.WaitsFor, a.WaitsFor)
	keyword(AttrHold, before.Hold, a.Hold)
	keyword(AttrRegionCode, before.RegionCode, a.RegionCode)
	keyword(AttrEngineerID, before.EngineerID, a.EngineerID)
	moment(AttrWaitsSince, before.WaitsSince, a.WaitsSince)
	moment(AttrDeadline, before.Deadline, a.Deadline)
	switch {
	case before.Overdue == a.Overdue:
	case a.Overdue:
		updates = append(updates, AttrOverdue.ValueSet(true))
	default:
		updates = append(updates, AttrOverdue.ValueUnset())
	}
	return updates
}

// EnsureAttributes registers the search attributes in the namespace; those that are there already stay. It returns when they can be
// used: the server reads the names anew only now and then, and until then refuses orders and questions that use them.
func EnsureAttributes(ctx context.Context, c client.Client, namespace string) error {
	wanted := map[string]enumspb.IndexedValueType{
		AttrOrderNumber.GetName(): enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrStage.GetName():       enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrWaitsFor.GetName():    enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrHold.GetName():        enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrRegionCode.GetName():  enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrEngineerID.GetName():  enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrAlarm.GetName():       enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		AttrWaitsSince.GetName():  enumspb.INDEXED_VALUE_TYPE_DATETIME,
		AttrDeadline.GetName():    enumspb.INDEXED_VALUE_TYPE_DATETIME,
		AttrOverdue.GetName():     enumspb.INDEXED_VALUE_TYPE_BOOL,
	}
	all := slices.Sorted(maps.Keys(wanted))
	listed, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return fmt.Errorf("listing search attributes: %w", err)
	}
	for name := range listed.GetCustomAttributes() {
		delete(wanted, name)
	}
	if len(wanted) > 0 {
		_, err = c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
			Namespace: namespace, SearchAttributes: wanted,
		})
		if err != nil {
			return fmt.Errorf("adding search attributes: %w", err)
		}
	}
	return awaitAttributes(ctx, c, namespace, all)
}

func awaitAttributes(ctx context.Context, c client.Client, namespace string, names []string) error {
	question := &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace, Query: strings.Join(names, " is null and ") + " is null"}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := c.CountWorkflow(ctx, question)
		var unknown *serviceerror.InvalidArgument
		switch {
		case err == nil:
			return nil
		case !errors.As(err, &unknown):
			return fmt.Errorf("asking by the search attributes: %w", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the search attributes: %w", errors.Join(err, ctx.Err()))
		}
	}
}
