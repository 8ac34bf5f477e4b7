/**
 * Rows that outlive the process: JDBI over SQLite or PostgreSQL, Flyway migrations. Blocks: virtual
 * threads only.
 */
@NullMarked
package dev.roomline.bridge.store;

import org.jspecify.annotations.NullMarked;
