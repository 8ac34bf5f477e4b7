package dev.roomline.bridge;

import dev.roomline.bridge.config.RoomlineConfig;
import dev.roomline.bridge.lifecycle.RunState;
import dev.roomline.bridge.store.Store;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;

/** What every part of the server stands on. */
record Ground(
        RoomlineConfig config,
        InstantSource clock,
        RunState state,
        Store store,
        ExecutorService blocking) {}
