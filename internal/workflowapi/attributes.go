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

// The search attributes, by which operators find workflows. All but AttrAlarm describe an order. On
// Postgres Temporal allows 10 keywords, 3 datetimes and 3 booleans in a namespace.
var (
	AttrOrderNumber = temporal.NewSearchAttributeKeyKeyword("OrderNumber")
	AttrStage       = temporal.NewSearchAttributeKeyKeyword("Stage")
	AttrWaitsFor    = temporal.NewSearchAttributeKeyKeyword("WaitsFor")
	AttrHold        = temporal.NewSearchAttributeKeyKeyword("Hold")
	AttrRegionCode  = temporal.NewSearchAttributeKeyKeyword("RegionCode")
	AttrEngineerID  = temporal.NewSearchAttributeKeyKeyword("EngineerID")
	AttrWaitsSince  = temporal.NewSearchAttributeKeyTime("WaitsSince")
	AttrDeadline    = temporal.NewSearchAttributeKeyTime("Deadline")
	// AttrOverdue is true from the deadline until the step is taken, and unset otherwise.
	AttrOverdue = temporal.NewSearchAttributeKeyBool("Overdue")
	// AttrAlarm is set on the registry's workflows: a [registry.Alarm] that an operator has to look
	// at.
	AttrAlarm = temporal.NewSearchAttributeKeyKeyword("Alarm")
)

// HoldDiverged is the value of AttrHold for an order that stopped because its record differs from
// its state.
const HoldDiverged = "diverged"

// Attributes contains the values of an order's search attributes; the zero value of a field leaves
// it out.
type Attributes struct {
	OrderNumber, Stage, WaitsFor, Hold, RegionCode, EngineerID string
	WaitsSince, Deadline                                       time.Time
	Overdue                                                    bool
}

// AttributesOf returns the search attributes of an order.
func AttributesOf(s *order.State) Attributes {
	a := Attributes{
		OrderNumber: s.Number,
		Stage:       string(s.ShownStage()),
		WaitsFor:    string(s.EffectiveWait().For),
		WaitsSince:  s.EffectiveWait().Since,
		Deadline:    s.Deadline(),
		Hold:        holdOf(s),
		// A history that became overdue before states had Wait.Until has upserted no such
		// attribute.
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

// holdOf returns the sources of the order's holds, sorted and joined by commas. An order that has
// ended has none, whatever the status of its engineer.
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

// Updates returns the changes from before to a for one upsert command, and nil if nothing changed.
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
	timeAttribute := func(key temporal.SearchAttributeKeyTime, old, now time.Time) {
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
	timeAttribute(AttrWaitsSince, before.WaitsSince, a.WaitsSince)
	timeAttribute(AttrDeadline, before.Deadline, a.Deadline)
	switch {
	case before.Overdue == a.Overdue:
	case a.Overdue:
		updates = append(updates, AttrOverdue.ValueSet(true))
	default:
		updates = append(updates, AttrOverdue.ValueUnset())
	}
	return updates
}

// EnsureAttributes registers the missing search attributes in the namespace. It returns when they
// can be used: the server refreshes its list of names periodically, and until then refuses orders
// and queries that use them.
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
	query := &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace, Query: strings.Join(names, " is null and ") + " is null"}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := c.CountWorkflow(ctx, query)
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
