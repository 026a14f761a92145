// Package workflowapi defines how the platform's workflows are called: their names, ids, payloads,
// start options, search attributes and current details, and [Send], which delivers a signal.
// Callers and workflows import it instead of each other. It contains no rules of an order.
package workflowapi
