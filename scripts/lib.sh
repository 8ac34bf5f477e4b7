# Shared by run, test and check: finds the JDK, Maven and system packages, installs what it may, else names all that is missing.
# Sourced with $root set to the project's folder. Works with the bash 3.2 of macOS.

java_flags=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
    -XX:+UseZGC -XX:+UseCompactObjectHeaders)
missing=()  # what a person reads: "JDK 25 or newer (java, javac)"
packages=() # what the package manager is asked for

PATH="$PATH:/usr/sbin:/sbin" # iptables and ip stand there

say() { printf '%s\n' "$*" >&2; }

# The feature number of the JDK in folder $1, 0 if there is none. A JRE without javac cannot build.
jdk_version() {
    local version=""
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || { echo 0; return; }
    [ -r "$1/release" ] && version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')
    echo "${version:-0}"
}

# Sets JAVA_HOME to a JDK of 25 or newer: JAVA_HOME, PATH, then where distributions, SDKMAN and macOS put JDKs.
find_jdk() {
    local candidate on_path
    on_path=$(command -v javac || true)
    while [ -L "$on_path" ]; do
        candidate=$(readlink "$on_path")
        case $candidate in /*) on_path=$candidate ;; *) on_path=$(dirname "$on_path")/$candidate ;; esac
    done
    for candidate in "${JAVA_HOME:-}" "${on_path%/bin/javac}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" -ge 25 ]; then
            export JAVA_HOME=$candidate
            return 0
        fi
    done
    return 1
}

# need_command COMMAND PACKAGE [SAID]; need_library SONAME PACKAGE
need_command() { command -v "$1" >/dev/null 2>&1 || want "$2" "${3:-$1}"; }
need_library() {
    [ "$(uname -s)" = Linux ] || return 0
    { ldconfig -p 2>/dev/null || true; } | grep -q -F "$1" || want "$2" "$1"
}
want() { packages+=("$1"); missing+=("$2"); }

need_build_tools() {
    find_jdk || want openjdk-25-jdk-headless "JDK 25 or newer (or set JAVA_HOME to one)"
    need_command mvn maven "Maven (mvn)"
}

need_runtime() {
    if [ "$(uname -s)" = Darwin ]; then
        [ -e /opt/homebrew/lib/libopus.dylib ] || [ -e /usr/local/lib/libopus.dylib ] || want opus "libopus"
    else
        need_library libopus.so.0 libopus0
    fi
}

# Unit tests of sound have it speak, make its speech better, and hold our G.722 against another's.
need_speech() {
    need_command espeak-ng espeak-ng
    need_library libspeexdsp.so.1 libspeexdsp1
    need_library libspandsp.so.2 libspandsp2
}

# The peers that the system tests are run against.
need_test_peers() {
    need_speech
    need_command sipp sip-tester "SIPp (sipp)"
    need_command baresip baresip
    need_command kamailio kamailio "Kamailio (kamailio)"
    need_command chromium chromium
    need_command firefox-esr firefox-esr "Firefox (firefox-esr)"
    need_command pulseaudio pulseaudio "PulseAudio (pulseaudio)"
    need_command sox sox
    need_command openssl openssl
    need_command iptables iptables
    need_command ip iproute2 "iproute2 (ip)"
    need_command prometheus prometheus
    need_command tshark tshark "tshark (of Wireshark)"
    need_command promtool prometheus "promtool (of Prometheus)"
    need_library libpulse.so.0 libpulse0
    need_library libX11.so.6 libx11-6
    need_library libXfixes.so.3 libxfixes3
    need_library libXrandr.so.2 libxrandr2
    need_library libXcomposite.so.1 libxcomposite1
    need_library libdbus-1.so.3 libdbus-1-3
}

# provide CHECK…: runs the checks; installs what they miss where we may (root with apt), else says it all at once and exits.
provide() {
    run_checks "$@"
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing: ${packages[*]} …"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get -q update && apt-get -q install -y --no-install-recommends "${packages[@]}"; } >&2 || true
        hash -r
        run_checks "$@"
        [ ${#missing[@]} -gt 0 ] || return 0
    fi
    say "Roomline needs what this machine lacks:"
    local item
    for item in "${missing[@]}"; do say "  - $item"; done
    case $(uname -s) in
    Darwin) say "Install it with:  brew install ${packages[*]/openjdk-25-jdk-headless/openjdk}" ;;
    *) say "Install it with:  sudo apt-get update && sudo apt-get install -y ${packages[*]}"
        case " ${packages[*]} " in *openjdk-25*) say "If your distribution has no JDK 25 yet, any vendor's will do: unpack it and set JAVA_HOME." ;; esac ;;
    esac
    exit 1
}

run_checks() {
    missing=() packages=()
    local check
    for check in "$@"; do "$check"; done
}

# Maven for who only wants to start what is built: without the static checks, and as a process too short-lived for the optimising compiler.
quick_maven() {
    MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-}" mvn -q -B -ntp -Dquick "$@"
}

# Lets the next build with checks compile the named modules again: for Maven what is compiled is up to date, but nothing has checked it.
forget_unchecked() {
    local module
    for module in "$@"; do rm -rf "$root/$module/target/maven-status"; done
}
