package dev.roomline.bench;

import java.util.Arrays;

/** The verbs of {@code scripts/bench}. Its exit code is 1 where something promised was not held. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            System.err.println("usage: scripts/bench VERB [option=value …]");
            System.exit(2);
        }
        Options options = Options.of(Arrays.copyOfRange(arguments, 1, arguments.length));
        boolean held =
                switch (arguments[0]) {
                    case "calls" ->
                            switch (options.text("direction", "inbound")) {
                                case "inbound" -> new CallsBench(options).run();
                                case "outbound" -> new OutboundBench(options).run();
                                default ->
                                        throw new IllegalArgumentException(
                                                "direction is inbound or outbound");
                            };
                    case "collectors" -> new CollectorsBench(options).run();
                    case "enhancement" -> new EnhancementBench(options).run();
                    case "latency" -> new MediaBench(options.with("only", "delay")).run();
                    case "media" -> new MediaBench(options).run();
                    case "neteq" -> new NetEqBench(options).run();
                    case "stages" -> new StagesBench(options).run();
                    case "speech" -> new MediaBench(options.with("only", "speech")).run();
                    case "soak" -> new SoakBench(options).run();
                    default -> throw new IllegalArgumentException("no such verb: " + arguments[0]);
                };
        System.exit(held ? 0 : 1);
    }
}
