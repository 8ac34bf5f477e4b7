package dev.roomline.bridge.call;

import dev.roomline.bridge.room.LocalRooms;
import dev.roomline.bridge.signal.Signal;

/** All that a call reaches the world by. */
record CallPorts(
        SipPort sip,
        Doorkeeper door,
        LocalRooms rooms,
        CallRecords records,
        Signal signal,
        CallLimits limits,
        TransferPlan transfers,
        LiveCalls calls,
        CallWatch watch) {}
