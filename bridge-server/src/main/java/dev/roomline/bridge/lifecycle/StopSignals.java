package dev.roomline.bridge.lifecycle;

import java.lang.reflect.Proxy;

/**
 * SIGTERM, SIGINT and SIGHUP, each time they come. A shutdown hook runs once and cannot choose the
 * exit code; the JDK's own signal interface (module jdk.unsupported) can, and is reached by
 * reflection because the compiler warns of it without a way to say that it is meant.
 */
public final class StopSignals {
    private StopSignals() {}

    /**
     * @param onSignal called on a thread of the JVM's own, once per signal
     */
    public static void handle(Runnable onSignal) {
        try {
            install(onSignal, "TERM", "INT");
        } catch (ReflectiveOperationException absent) {
            Runtime.getRuntime().addShutdownHook(new Thread(onSignal, "stop"));
        }
    }

    /** SIGHUP, where the JVM can tell of it. */
    public static void onHangup(Runnable onSignal) {
        try {
            install(onSignal, "HUP");
        } catch (ReflectiveOperationException absent) {
            // there is POST /v1/server/reload
        }
    }

    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
    private static void install(Runnable onSignal, String... names)
            throws ReflectiveOperationException {

        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy =
                Proxy.newProxyInstance(
                        StopSignals.class.getClassLoader(),
                        new Class<?>[] {handler},
                        (self, method, arguments) ->
                                switch (method.getName()) {
                                    case "handle" -> {
                                        onSignal.run();
                                        yield null;
                                    }
                                    case "hashCode" -> System.identityHashCode(self);
                                    case "equals" -> arguments != null && arguments[0] == self;
                                    default -> "StopSignals";
                                });
        for (String name : names) {
            Object instance = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
        }
    }
}
