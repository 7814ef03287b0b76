package dev.tokenservice.doctor;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether this machine's clock agrees with Google's, whose relying parties take no token from the future. */
final class ClockCheck {

    private static final Duration NOTABLE = Duration.ofSeconds(30);
    private static final Duration INTOLERABLE = Duration.ofMinutes(5);
    private static final String REMEDY = "synchronise the clock: timedatectl set-ntp true, or chronyc makestep";

    private final ConfigurationSections settings;
    private final PublicDocuments documents;
    private final Clock clock;

    ClockCheck(ConfigurationSections settings, PublicDocuments documents, Clock clock) {
        this.settings = settings;
        this.documents = documents;
        this.clock = clock;
    }

    void run(Findings findings) {
        if (!settings.iam() && settings.provider().isEmpty()) {
            findings.skip("neither IAM nor STS is used", CheckName.CLOCK);
            return;
        }
        String url = (settings.iam()
                        ? settings.google().iamCredentialsRoot()
                        : settings.google().stsRoot()) + "/";
        try {
            Instant sent = clock.instant();
            Optional<Instant> date = documents.get(url).date();
            Duration half = Duration.between(sent, clock.instant()).dividedBy(2);
            date.ifPresentOrElse(
                    theirs -> compare(Duration.between(theirs, sent.plus(half)), findings),
                    () -> findings.skip(url + " sends no Date", CheckName.CLOCK));
        } catch (IOException e) {
            findings.fail(
                    CheckName.CLOCK,
                    url + " cannot be reached: " + e,
                    "allow outbound access to " + url + " (DNS, firewall, https_proxy as -Dhttps.proxyHost)");
        }
    }

    private static void compare(Duration ahead, Findings findings) {
        String evidence = "the clock is " + ahead.abs().toSeconds() + " s "
                + (ahead.isNegative() ? "behind" : "ahead of") + " Google's";
        if (ahead.abs().compareTo(INTOLERABLE) > 0) {
            findings.fail(CheckName.CLOCK, evidence + ": its tokens are refused", REMEDY);
        } else if (ahead.abs().compareTo(NOTABLE) > 0) {
            findings.warn(CheckName.CLOCK, evidence, REMEDY);
        } else {
            findings.ok(CheckName.CLOCK, evidence);
        }
    }
}
