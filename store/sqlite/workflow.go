package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"statehouse/engine/interp"
	"statehouse/engine/ledger"
)

// workflows is the query for workflows whose names another query, n, chose. Counts and the
// newest execution come from the machine's tally.
const workflows = `
	select n.name,
		m.arn, m.type, md.text, m.role_arn, m.revision_id, m.logging, m.tracing, m.encryption, m.deleting, m.created, m.updated,
		d.text, d.input, d.type, d.revision, d.created, d.updated,
		ifnull(t.running, 0), ifnull(t.running + t.succeeded + t.failed + t.timed_out + t.aborted, 0),
		e.id, e.arn, e.name, e.type, e.status, e.started, e.stopped, e.trace_header, e.revision_id, e.role_arn,
		e.version, e.alias, e.parent_execution, e.parent_token, e.parent_pattern, e.error, e.cause,
		(select ifnull(max(last), 0) from steps where execution = e.id),
		(select count(*) from human_tasks where execution = e.id and status = 'open')
	from n
	left join machines m on m.name = n.name
	left join definitions md on md.id = m.definition
	left join drafts d on d.name = n.name
	left join tallies t on t.machine_arn = m.arn
	left join executions e on e.id = t.last`

func scanWorkflow(r row) (ledger.Workflow, error) {
	var (
		w                                                                         ledger.Workflow
		mARN, mType, mText, mRole, mRevision, mLogging, mTracing, mEncryption     sql.NullString
		mDeleting                                                                 sql.NullBool
		mCreated, mUpdated                                                        sql.NullInt64
		dText, dInput, dType                                                      sql.NullString
		dRevision, dCreated, dUpdated                                             sql.NullInt64
		eID, eStarted, eStopped, eVersion, eParent, eToken                        sql.NullInt64
		eAlias                                                                    sql.NullString
		eARN, eName, eType, eStatus, eTrace, eRevision, eRole, ePattern, eErr, eC sql.NullString
		eEvents, eWaiting                                                         int64
	)
	if err := r.Scan(&w.Name,
		&mARN, &mType, &mText, &mRole, &mRevision, &mLogging, &mTracing, &mEncryption, &mDeleting, &mCreated, &mUpdated,
		&dText, &dInput, &dType, &dRevision, &dCreated, &dUpdated,
		&w.Running, &w.Total,
		&eID, &eARN, &eName, &eType, &eStatus, &eStarted, &eStopped, &eTrace, &eRevision, &eRole,
		&eVersion, &eAlias, &eParent, &eToken, &ePattern, &eErr, &eC, &eEvents, &eWaiting); err != nil {
		return ledger.Workflow{}, err
	}
	if mARN.Valid {
		w.Machine = &ledger.Machine{
			ARN: mARN.String, Name: w.Name, Type: mType.String, Definition: mText.String, RoleARN: mRole.String,
			RevisionID: mRevision.String, Logging: mLogging.String, Tracing: mTracing.String, Encryption: mEncryption.String,
			Deleting: mDeleting.Bool, Created: moment(mCreated.Int64), Updated: moment(mUpdated.Int64),
		}
		w.Updated = w.Machine.Updated
	}
	if dText.Valid {
		w.Draft = &ledger.Draft{
			Name: w.Name, Text: dText.String, Input: dInput.String, Type: dType.String, Revision: dRevision.Int64,
			Created: moment(dCreated.Int64), Updated: moment(dUpdated.Int64),
		}
		if w.Draft.Updated.After(w.Updated) {
			w.Updated = w.Draft.Updated
		}
	}
	if eID.Valid {
		w.Last = &ledger.Execution{
			ID: ledger.ExecutionID(eID.Int64), ARN: eARN.String, Name: eName.String, MachineARN: mARN.String, MachineName: w.Name,
			Type: eType.String, Status: interp.Status(eStatus.String), Started: moment(eStarted.Int64),
			TraceHeader: eTrace.String, RevisionID: eRevision.String, RoleARN: eRole.String,
			Version: eVersion.Int64, Alias: eAlias.String,
			Error: pointer(eErr), Cause: pointer(eC), Events: eEvents, Waiting: eWaiting,
		}
		if eStopped.Valid {
			w.Last.Stopped = moment(eStopped.Int64)
		}
		if eParent.Valid {
			w.Last.Parent = &ledger.ParentRef{
				Execution: ledger.ExecutionID(eParent.Int64), Token: interp.Token(eToken.Int64), Pattern: ePattern.String,
			}
		}
	}
	return w, nil
}

// Workflow implements ledger.Workflows.
func (db *DB) Workflow(ctx context.Context, name string) (ledger.Workflow, error) {
	w, err := scanWorkflow(db.queryRow(ctx, `with n as
		(select name from machines where name = ?1 union select name from drafts where name = ?1)`+workflows, name))
	return w, db.none(err, "workflow", name)
}

// ListWorkflows implements ledger.Workflows.
func (db *DB) ListWorkflows(ctx context.Context, q ledger.WorkflowQuery) ([]ledger.Workflow, string, error) {
	var last string
	if err := unmark(q.Page.Token, "workflows", &last); err != nil {
		return nil, "", err
	}
	where := ` where (name collate nocase, name) > (?, ?) and name like ? escape '\'`
	switch q.Status {
	case ledger.AnyWorkflow:
	case ledger.PublishedWorkflows:
		where += " and name in (select name from machines)"
	case ledger.DraftWorkflows:
		where += " and name not in (select name from machines)"
	default:
		return nil, "", fmt.Errorf("list workflows: no status %q", q.Status)
	}
	limit := pageLimit(q.Page.Limit)
	var found []ledger.Workflow
	// Only the names are sorted; everything else is read for the page alone.
	err := db.query(ctx, "with n as (select name from (select name from machines union select name from drafts)"+where+" order by name collate nocase, name limit ?)"+
		workflows+" order by n.name collate nocase, n.name",
		[]any{last, last, contains(q.Search), limit + 1}, func(r row) error {
			w, err := scanWorkflow(r)
			found = append(found, w)
			return err
		})
	if err != nil {
		return nil, "", fmt.Errorf("list workflows: %w", err)
	}
	found, next := cut(found, limit, "workflows", func(x ledger.Workflow) []any { return []any{x.Name} })
	return found, next, nil
}
