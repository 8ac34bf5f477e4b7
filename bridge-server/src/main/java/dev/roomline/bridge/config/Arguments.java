package dev.roomline.bridge.config;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The command line: what {@code scripts/run} was asked for. {@link #read} does all that needs no
 * server (usage, {@code check}, {@code version}, faults) and answers what is left to do.
 */
public final class Arguments {
    /** What {@code token} can mint. */
    public static final List<String> TOKEN_TYPES =
            List.of("management", "app", "videosdk", "indus");

    private Arguments() {}

    /** What main has to do. */
    public sealed interface Verb {
        /**
         * Start the server.
         *
         * @param config what it runs with
         * @param warnings lines to log once logging works
         * @param withoutFile whether there was no configuration file at all
         * @param values what each key has
         * @param again reads file, environment and command line once more
         */
        record Serve(
                RoomlineConfig config,
                List<String> warnings,
                boolean withoutFile,
                Map<String, String> values,
                Supplier<ConfigLoader.Outcome> again)
                implements Verb {}

        /** Mint a token and print it. */
        record Token(RoomlineConfig config, TokenRequest request) implements Verb {}

        /** All is said; exit with this code (0 good, 2 bad usage or configuration). */
        record Done(int exitCode) implements Verb {}
    }

    /**
     * @param key name or value of the API key that signs, absent: the only or first one; for {@code
     *     indus} the name of the new one
     * @param type {@code management} (the API, as 100ms' clients have it), {@code videosdk} (the
     *     same as VideoSDK's have it), {@code app} (joins a room) or {@code indus} (opaque, of a
     *     new key)
     * @param room id or code, for {@code app}
     * @param user user id, for {@code app}
     * @param role role name, for {@code app}
     */
    public record TokenRequest(
            Optional<String> key,
            String type,
            String room,
            String user,
            String role,
            Duration validFor) {}

    /**
     * @param home the project's root: where {@code config/roomline.yaml} is looked for and what
     *     relative paths resolve against when there is no file
     * @param environment of which {@code ROOMLINE_*} override the file
     */
    public static Verb read(
            String[] arguments,
            Map<String, String> environment,
            Path home,
            PrintWriter out,
            PrintWriter err) {
        return CommandLineReader.read(arguments, environment, home, out, err);
    }
}
