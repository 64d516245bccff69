package engine_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"statehouse/engine"
	"statehouse/engine/interp"
	"statehouse/engine/meter"
	"statehouse/engine/task"
)

// metrics are the lines that a Meter shows, without comments and buckets.
func metrics(t *testing.T, m *meter.Meter) []string {
	t.Helper()
	synctest.Wait()
	registry := prometheus.NewRegistry()
	registry.MustRegister(m)
	w := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	return slices.DeleteFunc(strings.Split(w.Body.String(), "\n"), func(line string) bool {
		return line == "" || line[0] == '#' || strings.Contains(line, "_bucket{")
	})
}

func wantMetrics(t *testing.T, m *meter.Meter, want ...string) {
	t.Helper()
	lines := metrics(t, m)
	for _, w := range want {
		if !slices.Contains(lines, "statehouse_"+w) {
			t.Errorf("no %s in\n%s", w, strings.Join(lines, "\n"))
			return
		}
	}
}

// metered opens a house with a Meter.
func metered(h *house, c meter.Config) *meter.Meter {
	m := meter.New(c)
	h.watcher = m
	h.restart()
	return m
}

func TestMetricsOfExecutions(t *testing.T) {
	world := &moody{fails: true}
	bubble(t, world.register, func(t *testing.T, h *house) {
		m := metered(h, meter.Config{})
		waits := h.machine("waits", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`)
		h.wait(h.start(waits, `{}`))
		stopped := h.start(waits, `{}`)
		if _, err := h.StopExecution(t.Context(), stopped, nil, nil); err != nil {
			t.Fatal(err)
		}
		failed := h.start(h.machine("moody", sending), `{}`)
		wantStatus(t, h.wait(failed), interp.Failed)
		world.fails = false
		if _, err := h.RedriveExecution(t.Context(), failed, ""); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, h.wait(failed), interp.Succeeded)
		wantMetrics(t, m,
			`executions_started_total{state_machine="waits"} 2`,
			`executions_succeeded_total{state_machine="waits"} 1`,
			`executions_aborted_total{state_machine="waits"} 1`,
			`execution_time_seconds_count{state_machine="waits"} 2`,
			`execution_time_seconds_sum{state_machine="waits"} 60`,
			`executions_started_total{state_machine="moody"} 1`,
			`executions_failed_total{state_machine="moody"} 1`,
			`executions_redriven_total{state_machine="moody"} 1`,
			`redriven_executions_succeeded_total{state_machine="moody"} 1`,
			// Parallel, Pass and Task were entered, the Task was tried again; redriven, it was tried once more.
			`state_transitions_total{state_machine="moody"} 5`,
			`service_integrations_scheduled_total{resource="aws-sdk:moody:call"} 3`,
			`service_integrations_failed_total{resource="aws-sdk:moody:call"} 2`,
			`service_integrations_succeeded_total{resource="aws-sdk:moody:call"} 1`,
			`service_integration_time_seconds_count{resource="aws-sdk:moody:call"} 3`,
		)
	})
}

func TestMetricsOfExpressExecutionsAndVersions(t *testing.T) {
	bubble(t, calling(func(ctx context.Context, r task.Request) task.Reply {
		time.Sleep(250 * time.Millisecond) // virtual
		return echo(ctx, r)
	}), func(t *testing.T, h *house) {
		m := metered(h, meter.Config{})
		const call = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:test:call","End":true}}}`
		h.sync(h.expressMachine("quick", call), `{}`)
		standard := h.machine("m", call)
		if _, err := h.PublishVersion(t.Context(), engine.PublishVersion{MachineARN: standard}); err != nil {
			t.Fatal(err)
		}
		h.wait(h.start(standard+":1", `{}`))
		wantMetrics(t, m,
			`express_execution_billed_duration_seconds_total{state_machine="quick"} 0.3`,
			`executions_succeeded_total{state_machine="quick"} 1`,
			`version_executions_started_total{alias="",state_machine="m",version="1"} 1`,
			`version_executions_ended_total{alias="",state_machine="m",status="SUCCEEDED",version="1"} 1`,
			`service_integration_run_time_seconds_sum{resource="aws-sdk:test:call"} 0.46`, // shown as started after 20 ms
			`service_integration_time_seconds_sum{resource="aws-sdk:test:call"} 0.5`,
		)
	})
}

func TestMetricsOfActivities(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := metered(h, meter.Config{})
		a, err := h.CreateActivity(t.Context(), engine.CreateActivity{Name: "work"})
		if err != nil {
			t.Fatal(err)
		}
		arn := h.machine("m", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+a.ARN+`","TimeoutSeconds":600,"HeartbeatSeconds":30,"End":true}}}`)
		done, silent := h.start(arn, `{}`), h.start(arn, `{}`)
		time.Sleep(10 * time.Second) // virtual
		for i := range 2 {
			got, err := h.ActivityTask(t.Context(), a.ARN, "w")
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Second) // virtual
			if i == 0 {
				if err := h.TaskSucceeded(t.Context(), got.Token, `{}`); err != nil {
					t.Fatal(err)
				}
			}
		}
		wantStatus(t, h.wait(done), interp.Succeeded)
		wantStatus(t, h.wait(silent), interp.Failed)
		of := `{activity="` + a.ARN + `"} `
		wantMetrics(t, m,
			`activities_scheduled_total`+of+`2`, `activities_started_total`+of+`2`, `activities_succeeded_total`+of+`1`,
			`activities_timed_out_total`+of+`1`, `activities_heartbeat_timed_out_total`+of+`1`,
			`activity_schedule_time_seconds_sum`+of+`25`, // 10 and 15
			`activity_run_time_seconds_sum`+of+`35`,      // 5 and 30
			`activity_time_seconds_sum`+of+`60`,
		)
	})
}

func TestMetricsHaveABoundedNumberOfSeries(t *testing.T) {
	bubble(t, nil, func(t *testing.T, h *house) {
		m := metered(h, meter.Config{Series: 2})
		for _, name := range []string{"a", "b", "c", "d"} {
			h.wait(h.start(h.machine(name, `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`), `{}`))
			synctest.Wait()
		}
		wantMetrics(t, m,
			`executions_started_total{state_machine="a"} 1`, `executions_started_total{state_machine="b"} 1`,
			`executions_started_total{state_machine="other"} 2`,
		)
	})
}
