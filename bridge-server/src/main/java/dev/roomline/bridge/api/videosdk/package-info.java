/**
 * VideoSDK's server-side API, version 2, as its clients know it: rooms, sessions, SIP trunks,
 * gateways and calls, each translated onto what {@code /v1} does too. Start at {@code VideoSdk}.
 * Runs on virtual threads.
 */
@NullMarked
package dev.roomline.bridge.api.videosdk;

import org.jspecify.annotations.NullMarked;
