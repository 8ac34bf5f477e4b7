package dev.roomline.bridge.lifecycle;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import com.sun.management.VMOption.Origin;
import java.lang.management.ManagementFactory;

/**
 * How large the heap gets before the collector works to keep it there. ZGC left alone takes a
 * quarter of the machine's memory before it collects in earnest, and the kernel clears each fresh
 * page of it; memory that is used again has been cleared. A target, no limit: where more is alive,
 * the heap grows on. It is set here and not on the command line, where a target above the limit of
 * a small machine keeps the process from starting.
 */
public final class HeapTarget {
    static final long MOST_BYTES = 1L << 30;

    private static final String OPTION = "SoftMaxHeapSize";

    private HeapTarget() {}

    /** Leaves what the operator said, and a collector that knows no target. */
    public static void set() {
        HotSpotDiagnosticMXBean machine =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (machine == null) {
            return;
        }
        VMOption now = machine.getVMOption(OPTION);
        long target = target(Runtime.getRuntime().maxMemory());
        if (now.isWriteable() && now.getOrigin() != Origin.VM_CREATION) {
            machine.setVMOption(OPTION, Long.toString(target));
        }
    }

    /** Below the limit there is nothing to choose. */
    static long target(long limitBytes) {
        return Math.min(MOST_BYTES, limitBytes);
    }
}
