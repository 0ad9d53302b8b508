/** What Claude Code 2.1.330 hands to its status line, as far as we read it. */
export function statusJson(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    session_id: 's1',
    transcript_path: '/home/user/.claude/projects/-home-user-shop/s1.jsonl',
    cwd: '/home/user/shop',
    model: { id: 'claude-opus-4-8', display_name: 'Opus 4.8' },
    workspace: { current_dir: '/home/user/shop', project_dir: '/home/user/shop', added_dirs: [] },
    version: '2.1.330',
    cost: {
      total_cost_usd: 1.2449,
      total_duration_ms: 600_000,
      total_api_duration_ms: 90_000,
      total_lines_added: 1234,
      total_lines_removed: 5,
    },
    context_window: {
      context_window_size: 200_000,
      current_usage: {
        input_tokens: 6,
        output_tokens: 70,
        cache_creation_input_tokens: 2000,
        cache_read_input_tokens: 66_000,
      },
      used_percentage: 34,
      remaining_percentage: 66,
    },
    exceeds_200k_tokens: false,
    ...over,
  };
}

/** The limits of a subscriber. */
export const LIMITS = {
  five_hour: { used_percentage: 41.2, resets_at: 1_795_297_339 },
  seven_day: { used_percentage: 12, resets_at: 1_795_697_339 },
};
