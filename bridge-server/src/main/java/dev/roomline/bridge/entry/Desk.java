package dev.roomline.bridge.entry;

/** All that can be entered, for whoever takes wishes. Virtual threads. */
public record Desk(
        AccountEntries accounts,
        KeyEntries keys,
        RouteEntries routes,
        TrunkEntries trunks,
        TrunkStates states,
        WebhookEntries webhooks) {}
