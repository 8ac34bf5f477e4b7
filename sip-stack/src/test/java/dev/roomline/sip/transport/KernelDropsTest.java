package dev.roomline.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelDropsTest {
    private static final String LINE =
            " 1916: 0100007F:13C4 00000000:0000 07 00000000:00000000 00:00000000 00000000"
                    + "     0        0 257957 2 00000000f9870e22 42";

    @Test
    void theLastColumnOfEverySocketOfThePortIsAdded() {
        assertThat(
                        KernelDrops.ofPort(
                                5060,
                                List.of(
                                        "  sl  local_address rem_address   st tx_queue rx_queue tr"
                                                + " tm->when retrnsmt   uid  timeout inode ref"
                                                + " pointer drops",
                                        LINE,
                                        LINE.replace(":13C4", ":13C5"),
                                        LINE.replace("0100007F", "0200007F"),
                                        "")))
                .isEqualTo(84);
    }

    @Test
    void whatCannotBeReadCountsNothing() {
        assertThat(KernelDrops.ofPort(5060, List.of(LINE.replace(" 42", " x")))).isZero();
    }
}
