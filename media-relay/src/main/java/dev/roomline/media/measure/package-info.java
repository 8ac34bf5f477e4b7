/**
 * How sound is judged by tests and benchmarks: {@link dev.roomline.media.measure.Intelligibility}
 * says how much of it is understood. Nothing that runs in a server comes here. Stateless or owned
 * by whoever made it. Depends on nothing.
 */
@NullMarked
package dev.roomline.media.measure;

import org.jspecify.annotations.NullMarked;
