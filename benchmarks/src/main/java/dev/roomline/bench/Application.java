package dev.roomline.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An application that has numbers called at a steady rate: {@code POST /v1/calls} with {@code wait:
 * answered}, and {@code DELETE} as soon as that is answered. Thread-safe.
 */
final class Application {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern REASON = Pattern.compile("\"reason\":\"([^\"]+)\"");
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Server server;
    private final int rooms;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Application(Server server, int rooms) {
        this.server = server;
        this.rooms = rooms;
    }

    /**
     * What it saw.
     *
     * @param done calls that were answered and hung up
     * @param failures the others, by what the server said
     * @param seconds from the first request to the last answer
     * @param answeredMillis from the moment at which a request was due to the answer that the far
     *     end has picked up, sorted
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Outcome(long done, Map<String, Long> failures, double seconds, double[] answeredMillis) {
        long failed() {
            return failures.values().stream().mapToLong(Long::longValue).sum();
        }

        double rate() {
            return done / seconds;
        }
    }

    /** Calls over a trunk. A call is due at its moment whatever became of those before it. */
    final class Run implements Runnable {
        private final String trunk;
        private final int rate;
        private final int count;
        private final ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        private final ConcurrentMap<String, Long> failures = new ConcurrentHashMap<>();
        private final Thread thread = new Thread(this, "application");
        private double seconds;

        private Run(String trunk, int rate, int count) {
            this.trunk = trunk;
            this.rate = rate;
            this.count = count;
        }

        @Override
        public void run() {
            long began = System.nanoTime();
            try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < count; i++) {
                    long due = began + i * 1_000_000_000L / rate;
                    long wait = due - System.nanoTime();
                    if (wait > 0) {
                        LockSupport.parkNanos(wait);
                    }
                    int number = i;
                    calls.execute(() -> call(number, due));
                }
            }
            seconds = (System.nanoTime() - began) / 1e9;
        }

        private void call(int number, long due) {
            String body =
                    "{\"to\":\"+1555%07d\",\"room\":\"%s\",\"trunk\":\"%s\",\"wait\":\"answered\"}"
                            .formatted(number, Server.code(number % rooms), trunk);
            try {
                HttpResponse<String> answer =
                        http.send(
                                server.request("/v1/calls")
                                        .timeout(LIMIT)
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString(body))
                                        .build(),
                                BodyHandlers.ofString());
                double took = (System.nanoTime() - due) / 1e6;
                Matcher id = ID.matcher(answer.body());
                if (answer.statusCode() != 201 || !id.find()) {
                    Matcher reason = REASON.matcher(answer.body());
                    failed(answer.statusCode() + (reason.find() ? " " + reason.group(1) : ""));
                    return;
                }
                int hungUp = hangUp(id.group(1));
                if (hungUp == 204) {
                    millis.add(took);
                } else {
                    failed("hang-up: " + hungUp);
                }
            } catch (IOException e) {
                failed(e.getClass().getSimpleName());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private int hangUp(String id) throws IOException, InterruptedException {
            return http.send(
                            server.request("/v1/calls/" + id).timeout(LIMIT).DELETE().build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }

        private void failed(String how) {
            failures.merge(how, 1L, Long::sum);
        }

        boolean isUnderWay() {
            return thread.isAlive();
        }

        Outcome await() throws InterruptedException {
            thread.join();
            double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return new Outcome(sorted.length, new TreeMap<>(failures), seconds, sorted);
        }
    }

    Run start(String trunk, int rate, int count) {
        Run run = new Run(trunk, rate, count);
        run.thread.start();
        return run;
    }
}
