package dev.roomline.bridge.config;

import dev.roomline.bridge.config.Arguments.TokenRequest;
import dev.roomline.bridge.config.Arguments.Verb;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Picocli's definitions of the verbs behind {@link Arguments}. */
final class CommandLineReader {
    private static final int BAD = 2;
    private static final String USUAL_LIFE = "24h";

    private final Map<String, String> environment;
    private final Path home;
    private final PrintWriter out;
    private final PrintWriter err;

    private CommandLineReader(
            Map<String, String> environment, Path home, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.home = home;
        this.out = out;
        this.err = err;
    }

    static Verb read(
            String[] arguments,
            Map<String, String> environment,
            Path home,
            PrintWriter out,
            PrintWriter err) {
        Verb verb = new CommandLineReader(environment, home, out, err).parse(arguments);
        out.flush();
        err.flush();
        return verb;
    }

    private Verb parse(String[] arguments) {
        Top top = new Top();
        TokenOptions token = new TokenOptions();
        CommandLine line =
                new CommandLine(top)
                        .addSubcommand("serve", new Plain())
                        .addSubcommand("check", new Plain())
                        .addSubcommand("token", token)
                        .addSubcommand("version", new Plain());
        CommandLine.ParseResult result;
        try {
            result = line.parseArgs(arguments);
        } catch (ParameterException e) {
            err.println(e.getMessage());
            e.getCommandLine().usage(err);
            return new Verb.Done(BAD);
        }
        for (CommandLine used : result.asCommandLineList()) {
            if (used.isUsageHelpRequested()) {
                used.usage(out);
                return new Verb.Done(0);
            }
        }
        String verb = result.hasSubcommand() ? result.subcommand().commandSpec().name() : "serve";
        return switch (verb) {
            case "version" -> version();
            case "check" -> check(top);
            case "token" -> token(top, token);
            default -> serve(top);
        };
    }

    private Verb version() {
        out.println("roomline " + Version.current());
        return new Verb.Done(0);
    }

    private Verb check(Top top) {
        return switch (load(top)) {
            case ConfigLoader.Outcome.Faulty faulty -> complain(faulty);
            case ConfigLoader.Outcome.Loaded loaded -> {
                loaded.warnings().forEach(warning -> out.println("warning: " + warning));
                out.println(
                        file(top)
                                .map(f -> f + " is valid")
                                .orElse(
                                        "the configuration is valid (no file, so defaults where nothing was set)"));
                yield new Verb.Done(0);
            }
        };
    }

    private Verb token(Top top, TokenOptions token) {
        String given = token.validFor == null ? USUAL_LIFE : token.validFor;
        Optional<Duration> validFor = Literals.duration(given).filter(Duration::isPositive);
        Optional<String> fault = fault(token);
        if (fault.isPresent() || validFor.isEmpty()) {
            err.println(fault.orElse("--valid-for takes a duration such as 15m, 24h or 30d"));
            err.println("'scripts/run token --help' shows what each type takes.");
            return new Verb.Done(BAD);
        }
        return switch (load(top)) {
            case ConfigLoader.Outcome.Faulty faulty -> complain(faulty);
            case ConfigLoader.Outcome.Loaded loaded ->
                    new Verb.Token(
                            loaded.config(),
                            new TokenRequest(
                                    Optional.ofNullable(token.key),
                                    token.type,
                                    token.room,
                                    token.user,
                                    token.role.isEmpty() ? "guest" : token.role,
                                    validFor.get()));
        };
    }

    /** What does not go together. */
    private static Optional<String> fault(TokenOptions token) {
        if (!Arguments.TOKEN_TYPES.contains(token.type)) {
            return Optional.of(
                    "--type is one of "
                            + String.join(", ", Arguments.TOKEN_TYPES)
                            + ", not "
                            + token.type);
        }
        boolean app = token.type.equals("app");
        if (app && token.room.isEmpty()) {
            return Optional.of("a token of type app needs --room, the id or code of a room");
        }
        boolean ofSomebody =
                !token.room.isEmpty() || !token.user.isEmpty() || !token.role.isEmpty();
        if (!app && ofSomebody) {
            return Optional.of("--room, --user and --role are for --type app alone");
        }
        return token.type.equals("indus") && token.validFor != null
                ? Optional.of(
                        "a token of type indus does not expire: no --valid-for; delete its key to"
                                + " revoke it")
                : Optional.empty();
    }

    private Verb serve(Top top) {
        return switch (load(top)) {
            case ConfigLoader.Outcome.Faulty faulty -> complain(faulty);
            case ConfigLoader.Outcome.Loaded loaded ->
                    new Verb.Serve(
                            loaded.config(),
                            loaded.warnings(),
                            file(top).isEmpty(),
                            loaded.values(),
                            () -> load(top));
        };
    }

    private ConfigLoader.Outcome load(Top top) {
        return ConfigLoader.load(file(top), environment, top.sets, home);
    }

    private Optional<Path> file(Top top) {
        if (top.config != null) {
            return Optional.of(top.config);
        }
        return Optional.of(home.resolve("config/roomline.yaml")).filter(Files::exists);
    }

    private Verb complain(ConfigLoader.Outcome.Faulty faulty) {
        int count = faulty.faults().size();
        err.println("The configuration has " + count + (count == 1 ? " fault:" : " faults:"));
        faulty.faults().forEach(fault -> err.println("  " + fault));
        return new Verb.Done(BAD);
    }

    @Command(
            name = "roomline",
            description = "Joins telephone calls to WebRTC rooms. Without a verb it serves.")
    @SuppressWarnings("UnusedVariable") // picocli writes what is asked for by name
    private static final class Top {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                scope = CommandLine.ScopeType.INHERIT,
                description = "Show this.")
        boolean help;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                scope = CommandLine.ScopeType.INHERIT,
                description = "Configuration file (default: config/roomline.yaml if it exists).")
        @Nullable Path config;

        @Option(
                names = "--set",
                paramLabel = "key=value",
                scope = CommandLine.ScopeType.INHERIT,
                description = "Override one key; lists are comma-separated. Repeatable.")
        List<String> sets = new ArrayList<>();
    }

    @Command
    private static final class Plain {}

    @Command(
            description = "Mint a token for clients of the API, and print it.",
            footer = {
                "",
                "  management  JWT of 100ms' clients, and for /v1: Authorization: Bearer TOKEN",
                "  app         JWT of somebody in a room (--room, --user, --role): joins it, and is"
                        + " what /v2/sip/dtmf wants",
                "  videosdk    JWT of VideoSDK's clients, who send it bare: Authorization: TOKEN",
                "  indus       opaque token of Indus Net's clients, and for /v1: makes a new API key"
                        + " of scope admin",
                "              (--key is its name), which does not expire; DELETE /v1/keys/{id}"
                        + " revokes it",
                "",
                "  scripts/run token",
                "  scripts/run token --type app --room abc-defg-hij --user u7 --valid-for 15m",
                "  scripts/run token --type videosdk --key 'my app'",
                "  scripts/run token --type indus --key dialler",
            })
    private static final class TokenOptions {
        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "Name or value of the API key that signs (default: the first).")
        @Nullable String key;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "management (default), app, videosdk or indus; see below.")
        String type = "management";

        @Option(
                names = "--room",
                paramLabel = "ROOM",
                description = "Room id or code, for type app.")
        String room = "";

        @Option(names = "--user", paramLabel = "ID", description = "User id, for type app.")
        String user = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "Role, for type app (default: guest).")
        String role = "";

        @Option(
                names = "--valid-for",
                paramLabel = "TIME",
                description = "Until it expires (default: 24h).")
        @Nullable String validFor;
    }
}
