package dev.roomline.bridge.lifecycle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import dev.roomline.bridge.config.RoomlineConfig.LogFormat;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/**
 * One line per event on standard error: {@code key=value} text, or JSON. What call, room and trunk
 * a line is about stands in its context.
 */
public final class Logging {
    private static final String TEXT =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} %msg"
                    + "%replace( %mdc){'^ $', ''}%n%ex";

    /** Libraries that log by the JDK's own means; held, or their level would be forgotten. */
    private static final java.util.logging.Logger JITSI =
            java.util.logging.Logger.getLogger("org.jitsi");

    private Logging() {}

    public static void use(LogFormat format) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LogLines lines =
                new LogLines(encoder(format, context), new FileOutputStream(FileDescriptor.err));
        lines.setContext(context);
        lines.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(lines);
        context.getLogger("dev.roomline").setLevel(level());
        JITSI.setLevel(java.util.logging.Level.WARNING);
    }

    /** What was said is written; to be called before the process ends. */
    public static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static Encoder<ILoggingEvent> encoder(LogFormat format, LoggerContext context) {
        return switch (format) {
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setContext(context);
                text.setPattern(TEXT);
                text.start();
                yield text;
            }
            case JSON -> {
                LogstashEncoder json = new LogstashEncoder();
                json.setContext(context);
                json.start();
                yield json;
            }
        };
    }

    /** For those who look for a fault: {@code -Droomline.log=debug}. */
    private static Level level() {
        return Level.toLevel(System.getProperty("roomline.log"), Level.INFO);
    }
}
