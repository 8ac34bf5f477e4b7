package dev.roomline.bridge.entry;

/** All that can be entered, for whoever takes wishes. Virtual threads. */
public record Desk(
        AccountEntries accounts,
        AccountStates phones,
        KeyEntries keys,
        RouteEntries routes,
        TrunkEntries trunks,
        TrunkStates states,
        WebhookEntries webhooks) {}
