using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace DbSafety.Postgres.Tests.Queries;

/// <summary>Queries that EF Core translates, and that are read without running them. Each method is one.</summary>
public static class ShopQueries
{
    private static int _id = 5, _days = 3;
    private static string _name = "x", _json = "{}";
    private static string? _maybeName = "d";
    private static DateTime _when = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static int[] _ids = [1, 2];
    private static List<long> _bigs = [1];
    private static decimal _money = 1;
    private static long _big = 4;
    private static short _small = 3;
    private static OrderState _state = OrderState.Paid;
    private static int? _maybe = 4;
    private static bool _flag = true;

    private static IQueryable<Order> Open(this IQueryable<Order> orders) => orders.Where(o => o.IsOpen);

    public static object? Equal_or(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id && o.Total > 10m || o.IsOpen).ToList();

    public static object? Not_flag_enum_sorted_paged(ShopContext db) => db.Orders.Where(o => !o.IsOpen && o.State == OrderState.Paid).OrderBy(o => o.PlacedAt).ThenByDescending(o => o.Id).Skip(5).Take(10).ToList();

    public static object? First_of_key(ShopContext db) => db.Orders.First(o => o.Id == _id);

    public static object? Single_or_default(ShopContext db) => db.Orders.SingleOrDefault(o => o.Id == _id);

    public static object? Any_of(ShopContext db) => db.Orders.Any(o => o.Id == _id);

    public static object? Any_of_all(ShopContext db) => db.Orders.Any();

    public static object? All_of(ShopContext db) => db.Orders.All(o => o.Total > 5);

    public static object? Count_nullable(ShopContext db) => db.Orders.Count(o => o.CouponId == _maybe);

    public static object? Long_count(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).LongCount();

    public static object? Last_of_order(ShopContext db) => db.Orders.OrderBy(o => o.PlacedAt).Last();

    public static object? Find_key(ShopContext db) => db.Orders.Find(5L);

    public static object? Find_composite(ShopContext db) => db.Lines.Find(5L, 3);

    public static object? Find_filtered(ShopContext db) => db.Tenants.Find(5);

    public static object? Ids_contains(ShopContext db) => db.Orders.Where(o => _ids.Contains(o.CustomerId)).ToList();

    public static object? Not_ids_contains(ShopContext db) => db.Orders.Where(o => !_ids.Contains(o.CustomerId)).ToList();

    public static object? Inline_contains(ShopContext db) => db.Orders.Where(o => new[] { 1, 2, 3 }.Contains(o.CustomerId)).ToList();

    public static object? Ids_contains_value(ShopContext db) => db.Orders.Where(o => _ids.Contains(o.CouponId!.Value)).ToList();

    public static object? Ids_contains_known(ShopContext db) => db.Orders.Where(o => o.CouponId != null && _ids.Contains(o.CouponId.Value)).ToList();

    public static object? Ids_any(ShopContext db) => db.Orders.Where(o => _ids.Any(i => i == o.CustomerId)).ToList();

    public static object? List_contains_cast(ShopContext db) => db.Orders.Where(o => _bigs.Contains(o.CustomerId)).ToList();

    public static object? Tags_contains(ShopContext db) => db.Orders.Where(o => o.Tags.Contains("x")).ToList();

    public static object? Tags_any_equal(ShopContext db) => db.Orders.Where(o => o.Tags.Any(t => t == _name)).ToList();

    public static object? Tags_any(ShopContext db) => db.Orders.Where(o => o.Tags.Any()).ToList();

    public static object? Codes_contains(ShopContext db) => db.Orders.Where(o => o.Codes.Contains(_id)).ToList();

    public static object? Codes_overlap(ShopContext db) => db.Orders.Where(o => o.Codes.Any(c => _ids.Contains(c))).ToList();

    public static object? Codes_contained(ShopContext db) => db.Orders.Where(o => o.Codes.All(c => _ids.Contains(c))).ToList();

    public static object? Tags_any_prefix(ShopContext db) => db.Orders.Where(o => o.Tags.Any(t => t.StartsWith("a"))).ToList();

    public static object? Tags_length(ShopContext db) => db.Orders.Where(o => o.Tags.Length > 0 && o.Codes.Count == 2).ToList();

    public static object? Tags_element(ShopContext db) => db.Orders.Where(o => o.Tags[0] == "x" && _ids.Contains(o.Codes[0])).ToList();

    public static object? Navigation_required(ShopContext db) => db.Orders.Where(o => o.Customer.Email == _name).ToList();

    public static object? Navigation_optional(ShopContext db) => db.Orders.Where(o => o.Coupon!.Code == _name).ToList();

    public static object? Navigation_optional_checked(ShopContext db) => db.Orders.Where(o => o.Coupon != null && o.Coupon.Code == _name).ToList();

    public static object? Navigation_key(ShopContext db) => db.Orders.Where(o => o.Customer.Id == _id).ToList();

    public static object? Navigation_null(ShopContext db) => db.Orders.Where(o => o.Coupon == null).ToList();

    public static object? Navigation_twice(ShopContext db) => db.Lines.Where(l => l.Order.Customer.Email == _name).ToList();

    public static object? Navigation_required_optional(ShopContext db) => db.Lines.Where(l => l.Order.Coupon!.Code == _name).ToList();

    public static object? Navigation_order(ShopContext db) => db.Orders.OrderBy(o => o.Customer.Email).Take(3).ToList();

    public static object? Navigation_order_mixed(ShopContext db) => db.Lines.OrderBy(l => l.Order.Coupon!.Code).ThenBy(l => l.Order.PlacedAt).Take(3).ToList();

    public static object? Includes(ShopContext db) => db.Orders.Include(o => o.Customer).Include(o => o.Coupon).Include(o => o.Lines).ThenInclude(l => l.Product).Where(o => o.Id == 4).ToList();

    public static object? Include_filtered(ShopContext db) => db.Customers.Include(c => c.Orders.Where(o => o.IsOpen).OrderBy(o => o.PlacedAt)).ToList();

    public static object? Include_first(ShopContext db) => db.Customers.Include(c => c.Orders).First(c => c.Id == _id);

    public static object? Include_many(ShopContext db) => db.Products.Include(p => p.Labels).Take(5).ToList();

    public static object? Include_limited(ShopContext db) => db.Orders.Include(o => o.Lines).OrderBy(o => o.PlacedAt).Take(5).ToList();

    public static object? Include_reference_limited(ShopContext db) => db.Orders.Include(o => o.Customer).OrderBy(o => o.PlacedAt).Take(5).ToList();

    public static object? Include_reference_first(ShopContext db) => db.Orders.Include(o => o.Customer).First(o => o.Id == 3);

    public static object? Include_then_first(ShopContext db) => db.Orders.OrderByDescending(o => o.PlacedAt).Include(o => o.Lines).ThenInclude(l => l.Product).FirstOrDefault(o => o.CustomerId == _id);

    public static object? Include_by_name(ShopContext db) => db.Orders.Include("Lines.Product").Where(o => o.Id == 3).ToList();

    public static object? Children_any(ShopContext db) => db.Customers.Where(c => c.Orders.Any(o => o.Total > _money)).ToList();

    public static object? Children_where_any(ShopContext db) => db.Customers.Where(c => c.Orders.Where(o => o.IsOpen).Any()).ToList();

    public static object? Children_count(ShopContext db) => db.Customers.Where(c => c.Orders.Count() > 3).ToList();

    public static object? Children_count_property(ShopContext db) => db.Orders.Where(o => o.Lines.Count > 0 && o.Lines.Count(l => l.Quantity > 3) == 2).ToList();

    public static object? Children_all(ShopContext db) => db.Customers.Where(c => c.Orders.All(o => o.IsOpen)).ToList();

    public static object? Children_none(ShopContext db) => db.Customers.Where(c => !c.Orders.Any()).ToList();

    public static object? Children_not_any(ShopContext db) => db.Orders.Where(o => !o.Lines.Any(l => l.Quantity > 3)).ToList();

    public static object? Children_aggregates(ShopContext db) => db.Customers.Where(c => c.Orders.Sum(o => o.Total) > 5 && c.Orders.Max(o => o.PlacedAt) < _when).ToList();

    public static object? Children_min_average(ShopContext db) => db.Orders.Where(o => o.Lines.Max(l => l.Price) > 3 && o.Lines.Average(l => l.Quantity) > 3).ToList();

    public static object? Children_first_member(ShopContext db) => db.Orders.Where(o => o.Lines.FirstOrDefault()!.Price > 3).ToList();

    public static object? Children_first_null(ShopContext db) => db.Orders.Where(o => o.Lines.FirstOrDefault() == null).ToList();

    public static object? Children_contains(ShopContext db) => db.Orders.Where(o => o.Lines.Select(l => l.ProductId).Contains(_id)).ToList();

    public static object? Children_navigation(ShopContext db) => db.Orders.Where(o => o.Lines.Any(l => l.Product.Sku == _name)).ToList();

    public static object? Children_of_parent(ShopContext db) => db.Orders.Where(o => o.Customer.Orders.Any(p => p.IsOpen)).ToList();

    public static object? Many_to_many_any(ShopContext db) => db.Products.Where(p => p.Labels.Any(l => l.Name == _name)).ToList();

    public static object? Many_to_many_select(ShopContext db) => db.Products.SelectMany(p => p.Labels).Where(l => l.Name == _name).ToList();

    public static object? Projection_of_children(ShopContext db) => db.Customers.Select(c => new { c.Id, N = c.Orders.Count(o => o.IsOpen) }).ToList();

    public static object? Projection_of_last_child(ShopContext db) => db.Customers.Select(c => new { c.Id, Last = c.Orders.OrderByDescending(o => o.PlacedAt).FirstOrDefault() }).ToList();

    public static object? Projection_of_list(ShopContext db) => db.Customers.Select(c => new { c.Id, L = c.Orders.Where(o => o.IsOpen).ToList() }).ToList();

    public static object? Projection_of_list_limited(ShopContext db) => db.Customers.OrderBy(c => c.Email).Take(5).Select(c => new { c.Id, L = c.Orders.Where(o => o.IsOpen).ToList() }).ToList();

    public static object? Projection_filtered(ShopContext db) => db.Orders.Select(o => new { o.Id, Mail = o.Customer.Email, o.Total }).Where(x => x.Mail == _name).OrderBy(x => x.Total).ToList();

    public static object? Projection_class(ShopContext db) => db.Orders.Select(o => new OrderDto { Id = o.Id, Email = o.Customer.Email, Total = o.Total }).Where(x => x.Email == _name).ToList();

    public static object? Projection_record(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).Select(o => new OrderRow(o.Id, o.Total)).ToList();

    public static object? Projection_entity(ShopContext db) => db.Orders.Select(o => o.Customer).Where(c => c.Email == _name).ToList();

    public static object? Projection_limited(ShopContext db) => db.Orders.Select(o => new { o, o.Customer }).Take(5).Where(x => x.Customer.Email == _name).ToList();

    public static object? Projection_first(ShopContext db) => db.Orders.Where(o => o.Customer.Email == _name).Select(o => o.Coupon!.Code).FirstOrDefault();

    public static object? Projection_value_first(ShopContext db) => db.Orders.Select(o => o.Customer.Email).FirstOrDefault(e => e == _name);

    public static object? Projection_offset(ShopContext db) => db.Orders.OrderBy(o => o.PlacedAt).Select(o => o.Id).Skip(5).FirstOrDefault();

    public static object? Starts_with_constant(ShopContext db) => db.Orders.Where(o => o.Note.StartsWith("abc")).ToList();

    public static object? Starts_with_variable(ShopContext db) => db.Orders.Where(o => o.Note.StartsWith(_name)).ToList();

    public static object? Not_starts_with(ShopContext db) => db.Orders.Where(o => !o.Note.StartsWith("x") && !(o.PaidAt == null) && !o.CouponId.HasValue).ToList();

    public static object? Contains_escaped(ShopContext db) => db.Orders.Where(o => o.Note.Contains("a%b")).ToList();

    public static object? Contains_or_ends(ShopContext db) => db.Orders.Where(o => o.Note.Contains(_name) || o.Note.EndsWith("z") || o.Note.EndsWith(_name)).ToList();

    public static object? Starts_with_column(ShopContext db) => db.Orders.Where(o => o.Note.StartsWith(o.Customer.Email)).ToList();

    public static object? Lower(ShopContext db) => db.Customers.Where(c => c.Email.ToLower() == _name.ToLower()).ToList();

    public static object? Upper_contains(ShopContext db) => db.Orders.Where(o => o.Note.ToUpper().Contains("X")).ToList();

    public static object? Null_or_empty(ShopContext db) => db.Customers.Where(c => string.IsNullOrEmpty(c.Phone)).ToList();

    public static object? Null_or_white(ShopContext db) => db.Customers.Where(c => string.IsNullOrWhiteSpace(c.Phone) || string.IsNullOrEmpty(c.Email)).ToList();

    public static object? Nullable_text_equal(ShopContext db) => db.Customers.Where(c => c.Phone == _maybeName).ToList();

    public static object? Nullable_text_unequal(ShopContext db) => db.Customers.Where(c => c.Phone != "5" && c.Email != _name).ToList();

    public static object? Text_functions(ShopContext db) => db.Customers.Where(c => c.Email.Trim() == "a" && c.Email.Substring(0, 3) == "abc" && c.Email.Length > 3 && c.Email.Replace("a", "b") == "c").ToList();

    public static object? Like(ShopContext db) => db.Customers.Where(c => EF.Functions.ILike(c.Email, "%x") && EF.Functions.Like(c.Email, _name)).ToList();

    public static object? Compare_text(ShopContext db) => db.Customers.Where(c => string.Compare(c.Email, _name) > 0 && c.Email.CompareTo("x") <= 0).ToList();

    public static object? Equals_text(ShopContext db) => db.Customers.Where(c => c.Email.Equals(_name) && string.Equals(c.Phone, "x")).ToList();

    public static object? Text_of_value(ShopContext db) => db.Customers.Where(c => c.Age.ToString() == _name && c.Token.ToString() == "x").ToList();

    public static object? Concatenation(ShopContext db) => db.Orders.Where(o => o.Note + "x" == _name && o.Customer.Phone + o.Note == _name).ToList();

    public static object? Two_nullable_texts(ShopContext db) => db.Customers.Where(c => c.Phone == c.Email || c.Phone != c.Email).ToList();

    public static object? Now(ShopContext db) => db.Orders.Where(o => o.PlacedAt > DateTime.UtcNow).ToList();

    public static object? Now_minus(ShopContext db) => db.Orders.Where(o => o.PlacedAt > DateTime.UtcNow.AddDays(-7)).ToList();

    public static object? Now_variable(ShopContext db) => db.Orders.Where(o => o.PlacedAt > DateTime.UtcNow.AddDays(-_days) && o.PlacedAt.AddHours(3) > _when && o.PlacedAt > DateTime.UtcNow - TimeSpan.FromDays(3)).ToList();

    public static object? Day_of(ShopContext db) => db.Orders.Where(o => o.PlacedAt.Date == _when.Date).ToList();

    public static object? Parts_of_date(ShopContext db) => db.Orders.Where(o => o.PlacedAt.Year == 2024 && o.PlacedAt.Month == 3 && o.Day.Year == 2024).ToList();

    public static object? Null_checks(ShopContext db) => db.Orders.Where(o => o.PaidAt == null && o.CouponId.HasValue && o.PaidAt != null).ToList();

    public static object? Nullable_dates(ShopContext db) => db.Orders.Where(o => o.PaidAt!.Value > _when && o.PaidAt > _when && o.PaidAt.Value.Date == _when).ToList();

    public static object? Nullable_or(ShopContext db) => db.Orders.Where(o => o.PaidAt >= _when || o.CouponId >= _maybe).ToList();

    public static object? Date_only(ShopContext db) => db.Orders.Where(o => o.Day == DateOnly.FromDateTime(_when) && DateOnly.FromDateTime(o.PlacedAt) == o.Day).ToList();

    public static object? Date_constants(ShopContext db) => db.Orders.Where(o => o.PlacedAt >= new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc) && o.Day < new DateOnly(2024, 1, 1)).ToList();

    public static object? Time_spans(ShopContext db) => db.Orders.Where(o => DateTime.UtcNow - o.PlacedAt > TimeSpan.FromDays(3)).ToList();

    public static object? Numeric_casts(ShopContext db) => db.Orders.Where(o => o.Id == _money && o.Total == _id && o.CustomerId == _big && o.Weight > _id).ToList();

    public static object? Small_numbers(ShopContext db) => db.Customers.Where(c => c.Rank == _small && c.Rank == 3 && c.Rank == _id && c.Age == _small && c.Age == _big).ToList();

    public static object? Enums(ShopContext db) => db.Orders.Where(o => (int)o.State == 1 && o.State == _state && o.State > OrderState.New).ToList();

    public static object? Enum_text(ShopContext db) => db.Customers.Where(c => c.Channel == Channel.Phone).ToList();

    public static object? Enum_text_list(ShopContext db) => db.Customers.Where(c => new[] { Channel.Phone, Channel.Web }.Contains(c.Channel)).ToList();

    public static object? Arithmetic(ShopContext db) => db.Orders.Where(o => o.Total * 2 > 10 && o.CustomerId + 1 == _id && o.CustomerId % 2 == 0 && -o.CustomerId == 3 && (o.CustomerId & 4) == 4).ToList();

    public static object? Coalesce_and_choice(ShopContext db) => db.Orders.Where(o => (o.CouponId ?? 0) == _id && (o.IsOpen ? o.Total : 0) > 3).ToList();

    public static object? Nullable_numbers(ShopContext db) => db.Orders.Where(o => o.CouponId == _id && o.CouponId != _id && o.CouponId > 3).ToList();

    public static object? Booleans(ShopContext db) => db.Orders.Where(o => o.Flagged == true && o.Flagged != true && o.Flagged!.Value && o.IsOpen == _flag && o.IsOpen == false).ToList();

    public static object? Not_booleans(ShopContext db) => db.Orders.Where(o => !(o.Flagged == true) && !o.Flagged!.Value).ToList();

    public static object? Not_or(ShopContext db) => db.Orders.Where(o => !(o.CustomerId == _id || o.Total > 5) && !(o.CouponId == 3)).ToList();

    public static object? Not_and(ShopContext db) => db.Orders.Where(o => !(o.IsOpen && o.Total > 3)).ToList();

    public static object? Not_nullable_range(ShopContext db) => db.Orders.Where(o => !(o.CouponId > 3) && !(o.Total > 3) && !(o.PaidAt < _when)).ToList();

    public static object? Program_or(ShopContext db) => db.Orders.Where(o => _flag || o.CustomerId == _id).ToList();

    public static object? Program_null_or(ShopContext db) => db.Orders.Where(o => _name == null || o.Note == _name).ToList();

    public static object? Program_and(ShopContext db) => db.Orders.Where(o => _flag && o.CustomerId == _id).ToList();

    public static object? Mathematics(ShopContext db) => db.Orders.Where(o => Math.Abs(o.Total) > 3 && Math.Round(o.Weight) == 2 && Math.Floor(o.Total) == 3 && Math.Max(o.CustomerId, 3) == 3).ToList();

    public static object? Guids_and_equals(ShopContext db) => db.Customers.Where(c => c.Token == Guid.Empty && c.Age.Equals(3) && c.Age == _id + 1).ToList();

    public static object? Two_columns(ShopContext db) => db.Orders.Where(o => o.CouponId == o.CustomerId && o.Id < o.CustomerId).ToList();

    public static object? Two_tables(ShopContext db) => db.Orders.Where(o => o.Note == o.Customer.Email && o.CustomerId == o.Customer.Age).ToList();

    public static object? Model_property(ShopContext db) => db.Orders.Where(o => EF.Property<int>(o, "CustomerId") == _id && EF.Property<string>(o, "Note") == _name).ToList();

    public static object? Turned_comparisons(ShopContext db) => db.Orders.Where(o => 5 == o.CustomerId && _id < o.CustomerId && null == o.PaidAt).ToList();

    public static object? Choice_as_condition(ShopContext db) => db.Orders.Where(o => o.CouponId == null ? o.IsOpen : o.Total > 3).ToList();

    public static object? Exclusive_or(ShopContext db) => db.Orders.Where(o => true).Where(o => o.IsOpen ^ _flag).ToList();

    public static object? Not_contains_compared(ShopContext db) => db.Orders.Where(o => _ids.Contains(o.CustomerId) == false && o.Note.Contains("x") == true).ToList();

    public static object? Document_member(ShopContext db) => db.Orders.Where(o => o.Data.RootElement.GetProperty("kind").GetString() == "x" && o.Data.RootElement.GetProperty("n").GetInt32() > 3).ToList();

    public static object? Document_flag(ShopContext db) => db.Orders.Where(o => o.Data.RootElement.GetProperty("kind").GetString() == _name && o.Data.RootElement.GetProperty("b").GetBoolean()).ToList();

    public static object? Document_path(ShopContext db) => db.Orders.Where(o => o.Data.RootElement.GetProperty("a").GetProperty("b").GetString() == "x").ToList();

    public static object? Document_class(ShopContext db) => db.Orders.Where(o => o.Extra.Kind == "x" && o.Extra.Count > 3).ToList();

    public static object? Document_owned(ShopContext db) => db.Customers.Where(c => c.Profile.City == _name && c.Profile.Level > 3).ToList();

    public static object? Document_functions(ShopContext db) => db.Orders.Where(o => EF.Functions.JsonContains(o.Data, _json) && EF.Functions.JsonExists(o.Data, "k") && EF.Functions.JsonContained("{}", o.Data)).ToList();

    public static object? Owned_inline(ShopContext db) => db.Customers.Where(c => c.Home.City == _name).ToList();

    public static object? Query_join(ShopContext db) => (from o in db.Orders join c in db.Customers on o.CustomerId equals c.Id where c.Email == _name orderby o.PlacedAt descending select new { o, c.Email }).ToList();

    public static object? Query_left_join(ShopContext db) => (from o in db.Orders join l in db.Lines on o.Id equals l.OrderId into ls from l in ls.DefaultIfEmpty() where o.Id == 3 select new { o, l }).ToList();

    public static object? Query_children(ShopContext db) => (from o in db.Orders from l in o.Lines where l.Quantity > 3 select l).ToList();

    public static object? Query_cross(ShopContext db) => (from o in db.Orders from c in db.Customers where o.CustomerId == c.Id select new { o.Id, c.Email }).ToList();

    public static object? Query_correlated_left(ShopContext db) => (from c in db.Customers from o in db.Orders.Where(o => o.CustomerId == c.Id && o.IsOpen).DefaultIfEmpty() where o.Total > 3 select new { c, o }).ToList();

    public static object? Query_children_limited(ShopContext db) => (from c in db.Customers from o in c.Orders.OrderBy(x => x.PlacedAt).Take(3) select o).ToList();

    public static object? Query_let(ShopContext db) => (from o in db.Orders let m = o.Customer.Email where m == _name orderby o.Total select m).ToList();

    public static object? Select_many(ShopContext db) => db.Customers.SelectMany(c => c.Orders).Where(o => o.IsOpen).ToList();

    public static object? Select_many_twice(ShopContext db) => db.Customers.Where(c => c.Id == 3).SelectMany(c => c.Orders).SelectMany(o => o.Lines).Where(l => l.Quantity > 3).OrderBy(l => l.Price).Take(3).ToList();

    public static object? Select_many_result(ShopContext db) => db.Customers.SelectMany(c => c.Orders, (c, o) => new { c.Email, o.Total }).Where(x => x.Total > 3).ToList();

    public static object? Group_join(ShopContext db) => db.Customers.GroupJoin(db.Orders, c => c.Id, o => o.CustomerId, (c, os) => new { c, os }).SelectMany(x => x.os.DefaultIfEmpty(), (x, o) => new { x.c, o }).Where(x => x.o!.IsOpen).ToList();

    public static object? Left_join(ShopContext db) => db.Orders.LeftJoin(db.Coupons, o => o.CouponId, c => c.Id, (o, c) => new { o, c }).Where(x => x.c!.Code == _name).ToList();

    public static object? Join_composite(ShopContext db) => db.Orders.Join(db.Lines, o => new { A = o.Id, B = 3 }, l => new { A = l.OrderId, B = l.Number }, (o, l) => l).ToList();

    public static object? Join_filtered(ShopContext db) => db.Orders.Join(db.Customers.Where(c => c.Age > 3), o => o.CustomerId, c => c.Id, (o, c) => new { o, c }).Where(x => x.o.IsOpen).ToList();

    public static object? Group_having(ShopContext db) => db.Orders.GroupBy(o => o.CustomerId).Select(g => new { g.Key, N = g.Count() }).Where(x => x.N > 3).OrderBy(x => x.N).Take(3).ToList();

    public static object? Group_key(ShopContext db) => db.Orders.Where(o => o.IsOpen).GroupBy(o => o.CustomerId).Where(g => g.Key > 3).Select(g => g.Max(o => o.Total)).ToList();

    public static object? Group_result(ShopContext db) => db.Orders.GroupBy(o => new { o.CustomerId, o.State }, (k, g) => new { k.State, S = g.Sum(x => x.Total) }).ToList();

    public static object? Group_navigation(ShopContext db) => db.Orders.GroupBy(o => o.Customer.Email).Select(g => g.Key).ToList();

    public static object? Distinct_value(ShopContext db) => db.Orders.Select(o => o.CustomerId).Distinct().OrderBy(x => x).Take(4).ToList();

    public static object? Distinct_where(ShopContext db) => db.Orders.Distinct().Where(o => o.IsOpen).ToList();

    public static object? Union(ShopContext db) => db.Orders.Where(o => o.IsOpen).Union(db.Orders.Where(o => o.Total > 3)).ToList();

    public static object? Union_limited(ShopContext db) => db.Orders.Union(db.Orders.Where(o => o.IsOpen)).OrderBy(o => o.Id).Take(3).ToList();

    public static object? Intersect(ShopContext db) => db.Orders.Where(o => o.IsOpen).Intersect(db.Orders.Where(o => o.Total > 3)).ToList();

    public static object? Concat_filtered(ShopContext db) => db.Coupons.Concat(db.Coupons.Where(c => c.Percent > 3)).Where(c => c.Code == _name).ToList();

    public static object? Subquery_any(ShopContext db) => db.Orders.Where(o => db.Customers.Any(c => c.Id == o.CustomerId && c.Email == _name)).ToList();

    public static object? Subquery_contains(ShopContext db) => db.Orders.Where(o => db.Customers.Where(c => c.Age > 3).Select(c => c.Id).Contains(o.CustomerId)).ToList();

    public static object? Subquery_nullable(ShopContext db) => db.Orders.Where(o => db.Orders.Any(p => p.CouponId == o.CouponId && p.PaidAt != o.PaidAt)).ToList();

    public static object? Subquery_filtered(ShopContext db) => db.Tenants.Where(t => db.Tenants.Any(u => u.Slug == t.Slug)).ToList();

    public static object? Limited_filtered(ShopContext db) => db.Orders.OrderBy(o => o.Id).Take(5).Where(o => o.IsOpen).ToList();

    public static object? Limited_counted(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).OrderBy(o => o.PlacedAt).Take(10).Count();

    public static object? Limited_any(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).Take(10).Any(o => o.IsOpen);

    public static object? Limited_included(ShopContext db) => db.Orders.Where(o => o.IsOpen).Skip(3).Take(5).Include(o => o.Coupon).Where(o => o.Total > 3).ToList();

    public static object? Ordered_counted(ShopContext db) => db.Orders.OrderBy(o => o.Total).Count(o => o.IsOpen);

    public static object? Ordered_again(ShopContext db) => db.Orders.OrderBy(o => o.Total).Where(o => o.IsOpen).OrderBy(o => o.PlacedAt).FirstOrDefault();

    public static object? Ordered_by_expressions(ShopContext db) => db.Orders.OrderBy(o => o.Note.ToLower()).ThenBy(o => o.CouponId ?? 0).Take(3).ToList();

    public static object? Reversed(ShopContext db) => db.Orders.OrderBy(o => o.Id).Reverse().Take(5).ToList();

    public static object? Element_at(ShopContext db) => db.Orders.OrderBy(o => o.PlacedAt).ElementAt(5);

    public static object? Maximum(ShopContext db) => db.Orders.Max(o => o.PlacedAt);

    public static object? Sum(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).Sum(o => o.Total);

    public static object? Contains_value(ShopContext db) => db.Orders.Select(o => o.Id).Contains(5);

    public static object? Delete(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).ExecuteDelete();

    public static object? Delete_joined(ShopContext db) => db.Orders.Where(o => o.Customer.Email == _name).ExecuteDelete();

    public static object? Delete_limited(ShopContext db) => db.Orders.OrderBy(o => o.Id).Take(5).ExecuteDelete();

    public static object? Delete_children(ShopContext db) => db.Orders.Where(o => o.Lines.Any(l => l.Quantity == 0)).ExecuteDelete();

    public static object? Update(ShopContext db) => db.Orders.Where(o => o.CustomerId == _id).ExecuteUpdate(s => s.SetProperty(o => o.Total, 3m));

    public static object? Update_joined(ShopContext db) => db.Orders.Where(o => o.Customer.Email == _name).ExecuteUpdate(s => s.SetProperty(o => o.Note, o => o.Note + "x"));

    public static object? Derived_of_type(ShopContext db) => db.Animals.OfType<Cat>().Where(c => c.Lives > 3).ToList();

    public static object? Derived_set(ShopContext db) => db.Set<Dog>().Where(c => c.Breed == _name).ToList();

    public static object? Derived_test(ShopContext db) => db.Animals.Where(a => a is Cat && a.Name == _name).ToList();

    public static object? Base_set(ShopContext db) => db.Animals.Where(a => a.Name == _name).ToList();

    public static object? Filtered_set(ShopContext db) => db.Tenants.Where(t => t.Slug == _name).ToList();

    public static object? Filtered_set_ignored(ShopContext db) => db.Tenants.IgnoreQueryFilters().Where(t => t.Slug == _name).ToList();

    public static object? Tagged(ShopContext db) => db.Orders.TagWith("hi").AsNoTracking().Where(o => o.Id == 1).ToList();

    public static object? Own_extension(ShopContext db) => db.Orders.Open().Where(o => o.CustomerId == _id).ToList();

    public static object? Paged_projection(ShopContext db) => db.Orders.Where(o => o.IsOpen).OrderBy(o => o.PlacedAt).Skip(5).Take(10).Select(o => new { o.Id, o.Customer.Email, o.Coupon!.Code }).ToList();

    public static object? Paged_after_projection(ShopContext db) => db.Orders.OrderBy(o => o.PlacedAt).Select(o => new { o.Id, o.Customer.Email }).Take(10).ToList();

    public static object? Tags_index_in_join(ShopContext db) => db.Orders.Where(o => o.Lines.OrderBy(l => l.Number).Select(l => l.Product.Sku).FirstOrDefault() == _name).ToList();

    public static object? Children_ordered_first(ShopContext db) => db.Customers.Where(c => c.Orders.OrderByDescending(o => o.PlacedAt).First().Total > 3).ToList();

    public static object? Nested_subqueries(ShopContext db) => db.Customers.Where(c => c.Orders.Any(o => o.Lines.Any(l => l.Quantity > c.Age))).ToList();

    public static object? Order_by_count(ShopContext db) => db.Customers.OrderBy(c => c.Orders.Count).Take(3).ToList();

    public static object? Where_after_include(ShopContext db) => db.Orders.Include(o => o.Lines).Where(o => o.Customer.Email == _name).OrderBy(o => o.Id).ToList();

    public static object? Select_then_any(ShopContext db) => db.Orders.Select(o => o.Customer).Any(c => c.Email == _name);

    public static object? Single_with_join(ShopContext db) => db.Lines.Include(l => l.Product).SingleOrDefault(l => l.OrderId == _big && l.Number == _id);

    public static object? Query_group_order(ShopContext db) => (from o in db.Orders where o.IsOpen group o by o.CustomerId into g orderby g.Key select new { g.Key, N = g.Sum(x => x.Total) }).ToList();

    public static object? Query_three_joins(ShopContext db) => (from l in db.Lines join o in db.Orders on l.OrderId equals o.Id join p in db.Products on l.ProductId equals p.Id where p.Sku == _name && o.IsOpen select new { l, o.Total }).ToList();

    public static object? Coalesce_nullable_flag(ShopContext db) => db.Orders.Where(o => (o.Flagged ?? false) && o.Total > 3).ToList();

    public static object? Step_by_step(ShopContext db)
    {
        var query = db.Orders.Where(o => o.CustomerId == _id);
        query = query.Where(o => o.IsOpen);
        return query.OrderBy(o => o.PlacedAt).Take(5).ToList();
    }

    public static object? Step_sometimes(ShopContext db)
    {
        var query = db.Orders.AsQueryable();
        if (_flag)
        {
            query = query.Where(o => o.IsOpen);
        }

        return query.Where(o => o.CustomerId == _id).ToList();
    }

    public static object? Loop(ShopContext db)
    {
        foreach (var order in db.Orders.Where(o => o.CustomerId == _id))
        {
            return order;
        }

        return null;
    }

    public static object? Constant_lambda(ShopContext db)
    {
        System.Linq.Expressions.Expression<Func<Order, bool>> open = o => o.IsOpen;
        return db.Orders.Where(open).ToList();
    }
}
