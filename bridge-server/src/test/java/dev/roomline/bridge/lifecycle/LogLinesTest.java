package dev.roomline.bridge.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Log lines leave in their order, and nobody who logs waits for whoever reads them. */
final class LogLinesTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("test");

    /** What reads, or does not. */
    private static final class Reader extends OutputStream {
        final CountDownLatch reads = new CountDownLatch(1);
        final ByteArrayOutputStream read = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            read.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            read.write(bytes, offset, length);
        }

        List<String> lines() {
            return read.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    private LogLines to(OutputStream out) {
        context.setMDCAdapter(MDC.getMDCAdapter());
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg %X{call}%n");
        encoder.start();
        LogLines lines = new LogLines(encoder, out);
        lines.setContext(context);
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        return lines;
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void linesAreWrittenInTheirOrderWithTheContextThatTheyWereSaidIn() {
        Reader reader = new Reader();
        reader.reads.countDown();
        LogLines lines = to(reader);
        for (int i = 0; i < 1_000; i++) {
            MDC.put("call", "call_" + i);
            log.info("n={}", i);
        }
        MDC.clear();
        lines.stop();
        assertThat(reader.lines()).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(reader.lines().get(i)).isEqualTo("n=" + i + " call_" + i);
        }
    }

    @Test
    void whoLogsDoesNotWaitForWhoeverDoesNotReadAndWhatIsLostIsBounded() throws Exception {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        Logger ofLines = (Logger) LoggerFactory.getLogger(LogLines.class);
        ofLines.addAppender(said);
        Reader reader = new Reader();
        LogLines lines = to(reader);
        Thread talker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < 3 * LogLines.MOST_WAITING; i++) {
                                        log.info("n={}", i);
                                    }
                                });
        talker.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(talker.isAlive()).as("waits for the reader").isFalse();
        reader.reads.countDown();
        lines.stop();
        ofLines.detachAppender(said);
        assertThat(said.list.getLast().getFormattedMessage()).startsWith("event=log_lines_lost");
        assertThat(reader.lines().getFirst()).startsWith("n=0 ");
        assertThat(reader.lines().size())
                .isBetween(LogLines.MOST_WAITING, 2 * LogLines.MOST_WAITING + 1);
    }

    @Test
    void aLineIsWrittenSoonThoughNobodyStops() throws Exception {
        BlockingQueue<String> written = new LinkedBlockingQueue<>();
        to(
                new OutputStream() {
                    @Override
                    public void write(int b) {}

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        if (length > 0) {
                            written.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
                        }
                    }
                });
        log.info("one");
        assertThat(written.poll(5, TimeUnit.SECONDS)).startsWith("one");
        log.info("two");
        assertThat(written.poll(5, TimeUnit.SECONDS)).startsWith("two");
    }
}
