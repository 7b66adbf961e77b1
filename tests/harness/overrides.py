"""What the copy of a configuration gets so that it leads to no account and to no state of its owner's.

Override files are Terraform's own means: what they say counts in place of what the configuration says (Terraform
language, "Override Files"). A file that sorts last has the last word.
"""

from collections.abc import Iterator

from harness import hcl
from harness.configuration import ModuleFolder
from harness.embedded import ACCESS_KEY, REGION, SECRET_KEY

FILE = "zz_harness_override.tf"
# Arguments of the provider that lead to an account, away from the endpoint of the environment, or to a file of its
# owner's (provider hashicorp/aws, "Argument Reference"). Each is unset where it is set.
_LEADING = (
    *("profile", "shared_config_files", "shared_credentials_files", "token", "ec2_metadata_service_endpoint"),
    *("ec2_metadata_service_endpoint_mode", "http_proxy", "https_proxy", "no_proxy", "custom_ca_bundle", "sts_region"),
    *("allowed_account_ids", "forbidden_account_ids", "use_dualstack_endpoint", "use_fips_endpoint", "insecure"),
)
_LEADING_BLOCKS = ("assume_role", "assume_role_with_web_identity", "endpoints")


def overrides(folder: ModuleFolder, *, embedded: bool, root: bool) -> tuple[str, list[str]]:
    """Return the text of an override file for a folder, and in sentences what it does; empty where nothing is due.

    The state is kept in the copy everywhere. An account is what `provider` blocks are for; the embedded AWS is
    reached by the environment, and no block may lead away from it.
    """
    parts, said = [], []
    if root and (kept := [block.labels or ("cloud",) for block in _places_of_state(folder)]):
        parts.append('terraform {\n  backend "local" {}\n}\n')
        said.append(f"The state stays in the copy: {', '.join(label for label, *_ in kept)} is not asked.")
    if embedded:
        names = _names_of_the_provider(folder)
        for block in folder.of("provider"):
            if block.labels[0] in names:
                text, led = _provider(block)
                parts.append(text)
                if led:
                    said.append(f"{_title(block)}: {', '.join(led)} left out, so that it leads to no account.")
    return "\n".join(parts), said


def _places_of_state(folder: ModuleFolder) -> Iterator[hcl.Block]:
    for settings in folder.of("terraform"):
        yield from settings.inner("backend")
        yield from settings.inner("cloud")


def _names_of_the_provider(folder: ModuleFolder) -> set[str]:
    """Return what the folder calls hashicorp/aws: `aws`, and any local name that it gives it."""
    names = {"aws"}
    for settings in folder.of("terraform"):
        for required in settings.inner("required_providers"):
            for name, value in required.arguments.items():
                source = (value.members() or {}).get("source")
                if source and (source.literal or "").endswith("hashicorp/aws"):
                    names.add(name)
    return names


def _provider(block: hcl.Block) -> tuple[str, list[str]]:
    """Return the block that has the last word, and the names of what it unsets."""
    unset = [name for name in _LEADING if name in block.arguments]
    blocks = [name for name in _LEADING_BLOCKS if next(block.inner(name), None)]
    lines = [f'provider "{block.labels[0]}" {{']
    if alias := block.arguments.get("alias"):
        lines.append(f"  alias = {alias.text}")
    lines += [f'  region = "{REGION}"', f'  access_key = "{ACCESS_KEY}"', f'  secret_key = "{SECRET_KEY}"']
    lines += [f"  {name} = null" for name in unset]
    lines += [f'  dynamic "{name}" {{\n    for_each = []\n    content {{}}\n  }}' for name in blocks]
    led = [name for name in ("region", "access_key", "secret_key") if name in block.arguments and _differs(block, name)]
    return "\n".join([*lines, "}", ""]), [*led, *unset, *blocks]


def _differs(block: hcl.Block, name: str) -> bool:
    return name != "region" or block.arguments[name].literal not in (REGION, None)


def _title(block: hcl.Block) -> str:
    alias = block.arguments.get("alias")
    return f"{block.file.name}: provider {block.labels[0]}" + (f".{alias.literal}" if alias else "")
