/**
 * Measurements of the whole server beside other systems, and the load that they need. Start at
 * {@link dev.roomline.bench.Bench}: one verb of {@code scripts/bench}, one {@code …Bench} class.
 * The server measured is started as {@code scripts/run} starts it; what is compared runs in turn
 * with it, several times, and each figure is the median of the repeats with the least and the
 * greatest. CPU time is the kernel's account of all threads of a process ({@link
 * dev.roomline.bench.CpuTime}), what it uses idle subtracted. Everything binds to 127.0.0.1.
 */
@NullMarked
package dev.roomline.bench;

import org.jspecify.annotations.NullMarked;
