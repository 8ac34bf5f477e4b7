/**
 * One YAML file, the environment and --set to one tree of records; every fault reported at once.
 * Contract: config/reference.yaml. Values are immutable.
 */
@NullMarked
package dev.roomline.bridge.config;

import org.jspecify.annotations.NullMarked;
