package dev.roomline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * SIPp as the caller, and as the answering side that the server is compared with. Its clock counts
 * milliseconds, and so do the times read from it.
 */
final class Sipp {
    private static final String LOOPBACK = "127.0.0.1";

    private Sipp() {}

    /**
     * What callers saw.
     *
     * @param done calls that went their whole way
     * @param failed calls that did not
     * @param retransmissions messages sent again
     * @param seconds that it took
     * @param wholeMillis from the first INVITE to the 200, sorted
     * @param admittedMillis from the INVITE with credentials to the 200, sorted
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Outcome(
            long done,
            long failed,
            long retransmissions,
            double seconds,
            double[] wholeMillis,
            double[] admittedMillis) {
        double rate() {
            return done / seconds;
        }
    }

    /** What is called, how often, how fast. */
    record Calls(String scenario, int port, int rate, int count, Duration hold, int rooms) {}

    /** Starts callers. */
    static Callers call(Calls calls) {
        Path folder = Workspace.folder("callers");
        Path scenario = Workspace.unpack("/sipp/" + calls.scenario(), folder);
        Path fields = Workspace.write(folder.resolve("fields.csv"), Server.fields(calls.rooms()));
        double seconds = (double) calls.count() / calls.rate() + calls.hold().toSeconds();
        List<String> command = new ArrayList<>(common(scenario, Workspace.port()));
        command.add(1, LOOPBACK + ":" + calls.port());
        command.addAll(
                List.of(
                        "-inf",
                        fields.toString(),
                        "-r",
                        Integer.toString(calls.rate()),
                        "-m",
                        Integer.toString(calls.count()),
                        "-l",
                        "50000",
                        "-d",
                        Long.toString(calls.hold().toMillis()),
                        "-timeout",
                        (long) seconds + 35 + "s",
                        "-trace_rtt",
                        "-rtt_freq",
                        "1",
                        "-trace_stat",
                        "-stf",
                        folder.resolve("stat.csv").toString(),
                        "-fd",
                        "1",
                        "-trace_err",
                        "-error_file",
                        folder.resolve("errors").toString()));
        return new Callers(
                folder,
                Child.start("sipp", folder, command),
                System.nanoTime() + Duration.ofSeconds((long) seconds + 45).toNanos());
    }

    /** Starts the answering side. */
    static Child answer(String file, int port) {
        Path folder = Workspace.folder("answerer");
        Path scenario = Workspace.unpack("/sipp/" + file, folder);
        return Child.start("sipp", folder, common(scenario, port));
    }

    private static List<String> common(Path scenario, int port) {
        return List.of(
                "sipp",
                "-sf",
                scenario.toString(),
                "-i",
                LOOPBACK,
                "-p",
                Integer.toString(port),
                "-mp",
                Integer.toString(Workspace.port()),
                "-nostdin",
                "-skip_rlimit",
                "-timer_resol",
                "1",
                "-buff_size",
                "4000000");
    }

    /** Callers that are under way. */
    record Callers(Path folder, Child process, long untilNanos) implements AutoCloseable {

        /** False also when it takes far longer than it should: calls hang. */
        boolean isUnderWay() {
            return process.isAlive() && System.nanoTime() - untilNanos < 0;
        }

        Outcome await() throws InterruptedException {
            process.await(Duration.ofNanos(Math.max(1, untilNanos - System.nanoTime())));
            String[] names = new String[0];
            String[] last = new String[0];
            for (String line : lines("stat.csv")) {
                String[] cells = line.split(";");
                if (names.length == 0) {
                    names = cells;
                } else {
                    last = cells;
                }
            }
            List<String> header = Arrays.asList(names);
            if (last.length == 0) {
                throw new IllegalStateException("SIPp counted nothing:\n" + process.output());
            }
            String elapsed = last[header.indexOf("ElapsedTime(C)")];
            return new Outcome(
                    Long.parseLong(last[header.indexOf("SuccessfulCall(C)")]),
                    Long.parseLong(last[header.indexOf("FailedCall(C)")]),
                    Long.parseLong(last[header.indexOf("Retransmissions(C)")]),
                    seconds(elapsed),
                    times("1"),
                    times("2"));
        }

        /** {@code 00:00:10:123000} as SIPp writes it. */
        private static double seconds(String elapsed) {
            String[] parts = elapsed.split(":");
            return Integer.parseInt(parts[0]) * 3600
                    + Integer.parseInt(parts[1]) * 60
                    + Integer.parseInt(parts[2])
                    + (parts.length > 3 ? Integer.parseInt(parts[3]) / 1e6 : 0);
        }

        private double[] times(String timer) {
            try (Stream<Path> files = Files.list(folder)) {
                Path rtt =
                        files.filter(file -> file.toString().endsWith("_rtt.csv"))
                                .findFirst()
                                .orElseThrow();
                return Files.readAllLines(rtt).stream()
                        .map(line -> line.split(";"))
                        .filter(cells -> cells.length == 3 && cells[2].strip().equals(timer))
                        .mapToDouble(cells -> Double.parseDouble(cells[1]))
                        .sorted()
                        .toArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private List<String> lines(String file) {
            try {
                return Files.readAllLines(folder.resolve(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
