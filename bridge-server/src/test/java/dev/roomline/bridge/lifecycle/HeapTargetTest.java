package dev.roomline.bridge.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

final class HeapTargetTest {
    @Test
    void aLargeMachineGetsATargetAndASmallOneItsLimit() {
        assertThat(HeapTarget.target(6L << 30)).isEqualTo(HeapTarget.MOST_BYTES);
        assertThat(HeapTarget.target(256L << 20)).isEqualTo(256L << 20);
    }

    @Test
    void theVirtualMachineTakesTheTarget() {
        HeapTarget.set();
        String set =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .getVMOption("SoftMaxHeapSize")
                        .getValue();
        assertThat(Long.parseLong(set))
                .isEqualTo(HeapTarget.target(Runtime.getRuntime().maxMemory()));
    }
}
