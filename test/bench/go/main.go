// The jobs of the benchmark on etcd's own Go client: the native reference, straight to etcd. A command is named as its
// job, takes the same arguments as JSON, and says the same messages, one a line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

type target struct {
	Key           string
	Prefix        bool
	StartRevision int64
}

type arguments struct {
	Etcd      string
	Operation string
	Target    target
	Events    int
	Times     int
	Key       string
	Puts      int
	Watches   int
	Together  bool
	Stay      int
	Changes   int
	Window    int
	Prefix    string
}

var (
	ctx    = context.Background()
	client *clientv3.Client
	args   arguments
	value  = strings.Repeat("x", 100)
)

var jobs = map[string]func() any{
	"follow":    follow,
	"latency":   latency,
	"hold":      hold,
	"open":      open,
	"churn":     churn,
	"list":      list,
	"reconnect": reconnect,
}

func main() {
	check(json.Unmarshal([]byte(os.Args[2]), &args))
	var err error
	client, err = clientv3.New(clientv3.Config{Endpoints: []string{strings.TrimPrefix(args.Etcd, "http://")}})
	check(err)
	if os.Args[1] == "call" {
		answerCalls()
		return
	}
	go endWithInput()
	say("result", jobs[os.Args[1]]())
	select {} // it is ended by who started it
}

func endWithInput() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

// Who started it asks for call after call by lines, so that it takes its turns with others.
func answerCalls() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		i, err := strconv.Atoi(lines.Text())
		check(err)
		begun := time.Now()
		call(args.Operation, i)
		fmt.Println(ms(time.Since(begun)))
	}
}

func call(operation string, i int) {
	key := fmt.Sprintf("calls/%d", i%200)
	switch operation {
	case "get":
		get(key)
	case "put":
		_, err := client.Put(ctx, key, value)
		check(err)
	case "txn":
		exists := clientv3.Compare(clientv3.CreateRevision(key), ">", 0)
		answer, err := client.Txn(ctx).If(exists).Then(clientv3.OpPut(key, value)).Commit()
		check(err)
		if !answer.Succeeded {
			log.Fatalf("%s is not there", key)
		}
	case "50 gets", "200 gets":
		count, err := strconv.Atoi(strings.TrimSuffix(operation, " gets"))
		check(err)
		each(count, func(i int) { get(fmt.Sprintf("calls/%d", i)) })
	}
}

func get(key string) {
	answer, err := client.Get(ctx, key)
	check(err)
	if len(answer.Kvs) != 1 || len(answer.Kvs[0].Value) != len(value) {
		log.Fatalf("%s is not as it should be", key)
	}
}

func follow() any {
	var sum struct {
		Events int     `json:"events"`
		Ms     float64 `json:"ms"`
		CPUUs  float64 `json:"cpuUs"`
	}
	for turn := range args.Times {
		warmUp := 0
		if args.Target.StartRevision == 0 {
			warmUp = args.Events / 5
		}
		events, stop := context.WithCancel(ctx)
		begun, cpu, begunAt, seen := time.Now(), cpuUs(), 0, 0
		answers := watch(events, args.Target)
		confirm(answers)
		if turn == 0 {
			say("ready", true)
		}
		for seen < args.Events {
			seen += len((<-answers).Events)
			if begunAt < warmUp && seen >= warmUp {
				begun, cpu, begunAt = time.Now(), cpuUs(), seen
			}
		}
		if turn > 0 || args.Times == 1 {
			sum.Events += seen - begunAt
			sum.Ms += ms(time.Since(begun))
			sum.CPUUs += cpuUs() - cpu
		}
		stop()
	}
	return sum
}

func latency() any {
	answers := watch(ctx, target{Key: args.Key})
	confirm(answers)
	taken := []float64{}
	for range args.Puts {
		begun := time.Now()
		put := make(chan error)
		go func() {
			_, err := client.Put(ctx, args.Key, value)
			put <- err
		}()
		<-answers
		taken = append(taken, ms(time.Since(begun)))
		check(<-put)
	}
	return taken[args.Puts/5:]
}

func hold() any {
	confirmAll("warm", 20)
	before := settledHeap()
	confirmAll("held", args.Watches)
	held := float64(settledHeap()-before) / float64(args.Watches)
	return map[string]any{"bytes": held, "connections": connections()}
}

func open() any {
	confirm(watch(ctx, target{Key: "warm"}))
	begun := time.Now()
	if args.Together {
		confirmAll("opened", args.Watches)
	} else {
		for i := range args.Watches {
			confirm(watch(ctx, target{Key: fmt.Sprintf("opened/%d", i)}))
		}
	}
	return opened(begun, args.Watches)
}

func churn() any {
	confirmAll("stays", args.Stay)
	stops := []context.CancelFunc{}
	begun := time.Now()
	for i := range args.Changes {
		events, stop := context.WithCancel(ctx)
		confirm(watch(events, target{Key: fmt.Sprintf("comes-and-goes/%d", i)}))
		stops = append(stops, stop)
		if len(stops) >= args.Window {
			stops[0]()
			stops = stops[1:]
		}
	}
	return opened(begun, args.Changes)
}

func list() any {
	get("calls/0")
	check(os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
	before := status("VmRSS")
	begun := time.Now()
	answer, err := client.Get(ctx, args.Prefix, clientv3.WithPrefix())
	check(err)
	last := ms(time.Since(begun))
	return map[string]any{
		"first": last, "last": last, "peakBytes": status("VmHWM") - before, "keys": len(answer.Kvs),
	}
}

func reconnect() any {
	answers := make([]clientv3.WatchChan, args.Watches)
	each(args.Watches, func(i int) {
		answers[i] = watch(ctx, target{Key: fmt.Sprintf("reconnect/%d", i)})
		confirm(answers[i])
	})
	say("ready", true)
	each(args.Watches, func(i int) {
		for events := range answers[i] {
			if len(events.Events) > 0 {
				return
			}
		}
	})
	return map[string]any{}
}

func watch(ctx context.Context, t target) clientv3.WatchChan {
	options := []clientv3.OpOption{clientv3.WithCreatedNotify(), clientv3.WithRev(t.StartRevision)}
	if t.Prefix {
		options = append(options, clientv3.WithPrefix())
	}
	return client.Watch(ctx, t.Key, options...)
}

func confirm(answers clientv3.WatchChan) {
	if answer := <-answers; !answer.Created {
		log.Fatalf("no watch was made: %+v", answer)
	}
}

func confirmAll(prefix string, count int) {
	each(count, func(i int) { confirm(watch(ctx, target{Key: fmt.Sprintf("%s/%d", prefix, i)})) })
}

func each(count int, run func(i int)) {
	var all sync.WaitGroup
	for i := range count {
		all.Add(1)
		go func() {
			defer all.Done()
			run(i)
		}()
	}
	all.Wait()
}

func opened(begun time.Time, creates int) any {
	return map[string]any{"ms": ms(time.Since(begun)), "creates": creates}
}

// With the stacks: a watch has goroutines of its own.
func settledHeap() int64 {
	time.Sleep(500 * time.Millisecond)
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc + stats.StackInuse)
}

// How many sockets of this process are of TCP.
func connections() int {
	table, err := os.ReadFile("/proc/self/net/tcp")
	check(err)
	entries, err := os.ReadDir("/proc/self/fd")
	check(err)
	count := 0
	for _, entry := range entries {
		link, _ := os.Readlink("/proc/self/fd/" + entry.Name())
		inode, isSocket := strings.CutPrefix(link, "socket:[")
		if isSocket && strings.Contains(string(table), " "+strings.TrimSuffix(inode, "]")+" ") {
			count++
		}
	}
	return count
}

// A figure of this process that the kernel tells in kilobytes.
func status(name string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	check(err)
	_, rest, _ := strings.Cut(string(text), name+":")
	number, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	check(err)
	return number * 1024
}

func cpuUs() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1000
}

func ms(taken time.Duration) float64 {
	return float64(taken.Nanoseconds()) / 1e6
}

func say(name string, what any) {
	text, err := json.Marshal(map[string]any{name: what})
	check(err)
	fmt.Println(string(text))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
