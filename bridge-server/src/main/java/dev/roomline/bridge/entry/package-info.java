/**
 * What an operator enters while the server runs: accounts, keys, trunks, routes and webhooks, read
 * by the rules of the configuration file, committed, and effective when the wish returns. Knows no
 * HTTP: every API translates its own words to these. Blocks: virtual threads only. Start at {@link
 * dev.roomline.bridge.entry.Result}.
 */
@NullMarked
package dev.roomline.bridge.entry;

import org.jspecify.annotations.NullMarked;
