package dev.roomline.bridge;

import dev.roomline.bridge.auth.TokenMint;
import dev.roomline.bridge.config.Arguments;
import dev.roomline.bridge.config.Arguments.Verb;
import dev.roomline.bridge.lifecycle.HeapTarget;
import dev.roomline.bridge.lifecycle.Logging;
import dev.roomline.bridge.lifecycle.StartFault;
import dev.roomline.bridge.lifecycle.StopSignals;
import dev.roomline.bridge.store.Store;
import dev.roomline.bridge.store.StoreException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where the process begins. What it is made of stands in {@link Wiring}. */
public final class Roomline {
    private static final int CANNOT_START = 1;

    private Roomline() {}

    /** Reads the command line, then serves until a signal ends it. */
    public static void main(String[] arguments) {
        long beganNanos = System.nanoTime();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Path home = Path.of(System.getProperty("roomline.home", "."));
        Verb verb = Arguments.read(arguments, System.getenv(), home, out, err);
        switch (verb) {
            case Verb.Done(int exitCode) -> System.exit(exitCode);
            case Verb.Token token -> System.exit(mint(token, out, err));
            case Verb.Serve serve -> serve(serve, beganNanos, out, err);
        }
    }

    private static int mint(Verb.Token token, PrintWriter out, PrintWriter err) {
        InstantSource clock = InstantSource.system();
        try (Store store = Store.open(token.config(), clock)) {
            return switch (new TokenMint(store.apiKeys(), clock).mint(token.request())) {
                case TokenMint.Minted.Token(String jwt) -> {
                    out.println(jwt);
                    yield 0;
                }
                case TokenMint.Minted.Opaque(String opaque, String keyId) -> {
                    out.println(opaque);
                    err.println(
                            "It is the token of the new key "
                                    + keyId
                                    + " and is shown this once; DELETE /v1/keys/"
                                    + keyId
                                    + " revokes it.");
                    yield 0;
                }
                case TokenMint.Minted.Impossible(String sentence) -> {
                    err.println(sentence);
                    yield CANNOT_START;
                }
            };
        } catch (StoreException fault) {
            err.println(fault.getMessage());
            return CANNOT_START;
        }
    }

    private static void serve(Verb.Serve serve, long beganNanos, PrintWriter out, PrintWriter err) {
        Logging.use(serve.config().log().format());
        HeapTarget.set();
        try {
            Wiring server = Wiring.start(serve, beganNanos, out);
            StopSignals.onHangup(() -> Thread.startVirtualThread(server::reload));
            AtomicBoolean asked = new AtomicBoolean();
            StopSignals.handle(
                    () -> {
                        if (asked.compareAndSet(false, true)) {
                            Thread.ofPlatform().name("stop").start(() -> stop(server));
                        } else {
                            server.stopAtOnce();
                        }
                    });
        } catch (StartFault | StoreException fault) {
            Logging.close();
            err.println("Roomline cannot start: " + fault.getMessage());
            Runtime.getRuntime().halt(CANNOT_START);
        }
    }

    private static void stop(Wiring server) {
        int exitCode = CANNOT_START;
        try {
            exitCode = server.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            Logging.close();
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
