package dev.tokenservice.google;

import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.Variable;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.Pattern;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of the workload identity provider: all of them, or none, and then nothing is exchanged. */
@SelfValidating
public final class WorkloadIdentityFactory {

    private static final String ID = "(?!gcp-)[a-z0-9-]{4,32}";
    private static final String ID_RULE = "must be 4 to 32 of a-z, 0-9 and -, and not start with gcp-";

    @Variable({"WORKLOAD_IDENITY_PROJECT_NUMBER", "WORKLOAD_IDENTITY_PROJECT_NUMBER"})
    @Description("Number (not id) of the project of the pool.")
    @Nullable
    @Pattern(
            regexp = "[0-9]{1,20}",
            message = "must be the project NUMBER, digits only; find it with: "
                    + "gcloud projects describe PROJECT_ID --format='value(projectNumber)'")
    String projectNumber;

    @Variable({"WORKLOAD_IDENITY_POOL_ID", "WORKLOAD_IDENTITY_POOL_ID"})
    @Description("Id of the pool.")
    @Nullable
    @Pattern(regexp = ID, message = ID_RULE)
    String poolId;

    @Variable({"WORKLOAD_IDENITY_PROVIDER_ID", "WORKLOAD_IDENTITY_PROVIDER_ID"})
    @Description("Id of the provider in the pool that represents this service.")
    @Nullable
    @Pattern(regexp = ID, message = ID_RULE)
    String providerId;

    @SelfValidation
    public void validateCompleteness(ViolationCollector problems) {
        Map<String, @Nullable String> settings = new LinkedHashMap<>();
        settings.put("projectNumber", projectNumber);
        settings.put("poolId", poolId);
        settings.put("providerId", providerId);
        long given = settings.values().stream().filter(value -> value != null).count();
        if (given == 0 || given == settings.size()) {
            return;
        }
        settings.forEach((key, value) -> {
            if (value == null) {
                problems.addViolation(
                        key, "is missing: set project number, pool and provider together, or none of them");
            }
        });
    }

    public Optional<WorkloadIdentityProvider> build(String universeDomain) {
        if (projectNumber == null || poolId == null || providerId == null) {
            return Optional.empty();
        }
        return Optional.of(WorkloadIdentityProvider.of(universeDomain, projectNumber, poolId, providerId));
    }
}
