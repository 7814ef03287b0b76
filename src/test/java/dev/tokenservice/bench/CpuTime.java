package dev.tokenservice.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** The processor time of this thread alone, whatever else the machine does. */
public final class CpuTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuTime() {}

    /** Returns a reading, in nanoseconds from some moment. */
    public static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Returns the microseconds from that reading to now. */
    public static double microsecondsSince(long reading) {
        return (now() - reading) / 1e3;
    }

    /** Returns the middle one of the values, which stay in their order. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
