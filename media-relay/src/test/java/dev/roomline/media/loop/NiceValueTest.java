package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NiceValueTest {
    private static final int GREATEST = 19;

    @BeforeEach
    void onLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "each thread has one on Linux");
    }

    @Test
    void isSetForTheCallingThreadAlone() throws InterruptedException {
        OptionalInt before = NiceValue.current();
        int wanted = Math.min(GREATEST, before.getAsInt() + 3);
        List<Object> inThread = new ArrayList<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    inThread.add(NiceValue.set(wanted));
                                    inThread.add(NiceValue.current());
                                });
        thread.join();

        assertThat(inThread).containsExactly(true, OptionalInt.of(wanted));
        assertThat(NiceValue.current()).isEqualTo(before);
    }

    @Test
    void whatTheSystemDoesNotAllowIsAnAnswerAndNoFault() throws InterruptedException {
        List<Object> inThread = new ArrayList<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    inThread.add(NiceValue.set(NiceValue.SOUND));
                                    inThread.add(
                                            NiceValue.current()
                                                    .equals(OptionalInt.of(NiceValue.SOUND)));
                                });
        thread.join();

        assertThat(inThread.getFirst()).isEqualTo(inThread.getLast());
    }

    @Test
    void compilersStandBehind() {
        assertThat(NiceValue.lowerCompilers()).isPositive();
    }
}
